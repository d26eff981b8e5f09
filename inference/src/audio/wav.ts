import { samplesOf } from "./pcm.ts";

export type Wav =
  | { readonly type: "pcm16"; readonly rateHz: number; readonly channels: number; readonly samples: Int16Array }
  | { readonly type: "unreadable"; readonly problem: string };

/** Where the samples of a RIFF file begin, or null while more bytes are needed; streams write a length that means nothing. */
export function wavHeader(
  bytes: Uint8Array,
): { readonly dataAt: number; readonly rateHz: number; readonly channels: number; readonly bits: number } | null {
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let rateHz = 0;
  let channels = 0;
  let bits = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
    if (id === "data") return rateHz > 0 ? { dataAt: at + 8, rateHz, channels, bits } : null;
    if (id === "fmt " && at + 24 <= bytes.length) {
      channels = view.getUint16(at + 10, true);
      rateHz = view.getUint32(at + 12, true);
      bits = view.getUint16(at + 22, true);
    }
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length & 1);
  }
  return null;
}

/** Reads a whole WAV file of 16-bit linear PCM. */
export function readWav(bytes: Uint8Array): Wav {
  const isRiff = bytes.length >= 12 && String.fromCharCode(...bytes.subarray(0, 4)) === "RIFF";
  const header = isRiff ? wavHeader(bytes) : null;
  if (!header) return { type: "unreadable", problem: "no RIFF header with fmt and data" };
  if (header.bits !== 16) return { type: "unreadable", problem: `${header.bits} bits a sample; 16 are wanted` };
  const { rateHz, channels } = header;
  return { type: "pcm16", rateHz, channels, samples: samplesOf(bytes.subarray(header.dataAt)) };
}
