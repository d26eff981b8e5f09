/** Cuts Chinese text into words, left to right, nothing left out. The dictionary behind it is read by `segmenter-driver.ts`. */
export type Segmenter = (text: string) => readonly string[];
