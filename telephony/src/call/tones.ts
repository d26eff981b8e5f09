/** Sounds that need no voice. */

/** 0.4 s of 1000 Hz: after it the caller speaks. */
export const beep = (sampleRateHz: number): Int16Array => tone({ hz: 1000, ms: 400, sampleRateHz });

/** Ringing as in China (GB 3380): 450 Hz, 1 s on, 4 s off. */
export function ringBack(sampleRateHz: number): Int16Array {
  const sound = new Int16Array(sampleRateHz * 5);
  sound.set(tone({ hz: 450, ms: 1000, sampleRateHz }));
  return sound;
}
export const RING_BACK_MS = 5000;

function tone(wish: { readonly hz: number; readonly ms: number; readonly sampleRateHz: number }): Int16Array {
  const samples = new Int16Array((wish.sampleRateHz * wish.ms) / 1000);
  const fade = wish.sampleRateHz / 100; // 10 ms in and out, against clicks
  for (let i = 0; i < samples.length; i++) {
    const gain = Math.min(1, i / fade, (samples.length - 1 - i) / fade);
    samples[i] = Math.round(6000 * gain * Math.sin((2 * Math.PI * wish.hz * i) / wish.sampleRateHz));
  }
  return samples;
}
