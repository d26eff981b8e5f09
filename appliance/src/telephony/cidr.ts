import { isIP } from "node:net";

export interface Cidr {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** An address or a network; host bits are cut off. Null when it is neither. */
export function parseCidr(text: string): Cidr | null {
  const [address = "", prefixText, ...rest] = text.trim().split("/");
  const family = isIP(address);
  if (rest.length > 0 || (family !== 4 && family !== 6) || address.includes("%")) return null;
  const width = family === 4 ? 32 : 128;
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return null;
  const prefix = prefixText === undefined ? width : Number(prefixText);
  if (prefix > width) return null;
  const shift = BigInt(width - prefix);
  const value = family === 4 ? bitsOf4(address) : bitsOf6(address);
  return { family, prefix, bits: (value >> shift) << shift };
}

const bitsOf4 = (address: string): bigint => address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function bitsOf6(address: string): bigint {
  const dotted = /^(.*:)([0-9.]+\.[0-9.]+)$/.exec(address);
  const plain = dotted === null ? address : `${dotted[1]}${hexPair(bitsOf4(dotted[2] ?? ""))}`;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
const hexPair = (bits: bigint): string => `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;

export const sameRange = (a: Cidr | null, b: Cidr): boolean =>
  a !== null && a.family === b.family && a.bits === b.bits && a.prefix === b.prefix;
