/**
 * Who may speak on an RTP port, and where our packets go (symmetric RTP, RFC 4961, from checked peers only).
 *
 *     at          packet from                                     becomes             packet is
 *     waiting     an address that may speak                       latched on it       taken
 *     waiting     any other                                       waiting             a stranger's
 *     latched     the address and port latched on                 latched             taken
 *     latched     one that may speak, after 2 s of silence        latched on the new  taken
 *     latched     one that may speak, while the old one speaks    latched             a stranger's
 *     latched     any other                                       latched             a stranger's
 *
 * A new address by signalling (`redirect`) makes it wait again: a re-INVITE may move the media.
 */
import type { RtpAddress } from "./rtp-endpoint.ts";

const SILENT_BEFORE_RELATCH_MS = 2000;

/** IPv4 addresses that come in IPv6 clothes are the same address. */
export const plainAddress = (address: string): string =>
  address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;

/** The way the kernel writes an address, for signalling may write IPv6 in many ways (RFC 5952). */
function canonical(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(":")) return plain;
  try {
    return new URL(`http://[${plain}]`).hostname.slice(1, -1);
  } catch {
    return plain;
  }
}

/** Changed in place, one an endpoint. */
export class Latch {
  #signalled: RtpAddress | null;
  #latched: RtpAddress | null = null;
  #lastHeardMs = 0;
  readonly #allowed: ReadonlySet<string>;

  constructor(remote: RtpAddress | null, allowedSources: readonly string[]) {
    this.#signalled = remote === null ? null : { address: canonical(remote.address), port: remote.port };
    this.#allowed = new Set(allowedSources.map(canonical));
  }

  /** Whether the packet may be taken; latches. */
  admit(address: string, port: number, nowMs: number): boolean {
    const latched = this.#latched;
    if (latched !== null && latched.port === port && latched.address === address) {
      this.#lastHeardMs = nowMs;
      return true;
    }
    const plain = plainAddress(address);
    if (!this.mayCome(plain)) return false;
    if (latched !== null && nowMs - this.#lastHeardMs < SILENT_BEFORE_RELATCH_MS) return false;
    this.#latched = { address: plain, port };
    this.#lastHeardMs = nowMs;
    return true;
  }

  /** Whether this address may speak at all. */
  mayCome(address: string): boolean {
    const plain = plainAddress(address);
    return (this.#signalled !== null && plain === this.#signalled.address) || this.#allowed.has(plain);
  }

  redirect(remote: RtpAddress): void {
    const address = canonical(remote.address);
    const same = this.#signalled?.address === address && this.#signalled.port === remote.port;
    this.#signalled = { address, port: remote.port };
    if (!same) this.#latched = null;
  }

  /** Where to send: the source latched on, before that what signalling said. */
  get target(): RtpAddress | null {
    return this.#latched ?? this.#signalled;
  }
}
