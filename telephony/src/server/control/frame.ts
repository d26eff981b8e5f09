/**
 * Framing of the drachtio application protocol: `LENGTH "#" PAYLOAD`, LENGTH in decimal counting bytes. Payloads are byte strings
 * (latin1), so that lengths of strings are lengths on the wire.
 */
export const MAX_FRAME_BYTES = 1_048_576;
const MAX_DIGITS = 7;

export interface FrameReader {
  /** Takes the next bytes of the connection; gives the frames they complete. `fault`: the connection must be closed. */
  push(chunk: Buffer): { readonly frames: readonly string[]; readonly fault: string | null };
}

export function createFrameReader(maxBytes = MAX_FRAME_BYTES): FrameReader {
  let rest: Buffer | null = null;
  let waitFor = 0; // bytes wanted before `rest` is worth looking at again
  const parts: Buffer[] = [];
  let held = 0;
  return {
    push(chunk) {
      const frames: string[] = [];
      parts.push(chunk);
      held += chunk.length;
      if (held < waitFor) return { frames, fault: null };
      const bytes = parts.length === 1 ? chunk : Buffer.concat(parts, held);
      parts.length = 0;
      let at = 0;
      waitFor = 0;
      while (at < bytes.length) {
        let length = 0;
        let mark = at;
        for (; mark < bytes.length; mark++) {
          const c = bytes[mark] ?? 0;
          if (c === 0x23) break;
          if (c < 0x30 || c > 0x39 || mark - at >= MAX_DIGITS) return { frames, fault: "bad frame length" };
          length = length * 10 + (c - 0x30);
        }
        if (mark === bytes.length) break;
        if (mark === at) return { frames, fault: "bad frame length" };
        if (length > maxBytes) return { frames, fault: "frame too long" };
        const end = mark + 1 + length;
        if (end > bytes.length) {
          waitFor = end - at;
          break;
        }
        frames.push(bytes.toString("latin1", mark + 1, end));
        at = end;
      }
      rest = at === bytes.length ? null : bytes.subarray(at);
      held = rest === null ? 0 : rest.length;
      if (rest !== null) parts.push(rest);
      return { frames, fault: null };
    },
  };
}

/** A frame of a payload (byte string). */
export const frameOf = (payload: string): string => `${payload.length}#${payload}`;
