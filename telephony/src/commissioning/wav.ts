/** Reads 16-bit PCM WAV (RIFF, format 1), any rate, one or two channels; two are mixed. */
export type WavResult =
  | { readonly type: "ok"; readonly samples: Int16Array; readonly sampleRateHz: number }
  | { readonly type: "faulty"; readonly problem: string };

const faulty = (problem: string): WavResult => ({ type: "faulty", problem });

export function readWav(bytes: Buffer): WavResult {
  if (bytes.length < 12 || bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE")
    return faulty("not a WAV file");
  let format: { readonly channels: number; readonly sampleRateHz: number } | null = null;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === "fmt ") {
      if (size < 16 || start + 16 > bytes.length) return faulty("the format chunk is cut off");
      const [code, channels, bits] = [
        bytes.readUInt16LE(start),
        bytes.readUInt16LE(start + 2),
        bytes.readUInt16LE(start + 14),
      ];
      if (code !== 1 || bits !== 16)
        return faulty("only 16-bit PCM is read; convert it, e.g. `sox in.wav -b 16 -e signed out.wav`");
      if (channels !== 1 && channels !== 2) return faulty("one or two channels are read");
      const sampleRateHz = bytes.readUInt32LE(start + 4);
      if (sampleRateHz < 8000 || sampleRateHz > 192_000)
        return faulty(`a sample rate of ${sampleRateHz} Hz is not read`);
      format = { channels, sampleRateHz };
    } else if (id === "data") {
      if (format === null) return faulty("sound before its format");
      const frames = Math.floor(Math.min(size, bytes.length - start) / (2 * format.channels));
      const samples = new Int16Array(frames);
      for (let n = 0; n < frames; n++) {
        const left = bytes.readInt16LE(start + n * 2 * format.channels);
        samples[n] = format.channels === 1 ? left : (left + bytes.readInt16LE(start + n * 4 + 2)) >> 1;
      }
      return { type: "ok", samples, sampleRateHz: format.sampleRateHz };
    }
    at = start + size + (size % 2);
  }
  return faulty("there is no sound in it");
}
