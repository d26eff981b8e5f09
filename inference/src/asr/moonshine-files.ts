/** Where a Moonshine pack's files lie and the shape of its decoder's cache. */
export interface MoonshineFiles {
  readonly encoder: string;
  readonly decoder: string;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
}

/** From a pack's files and parameters; null when something is not named. */
export function moonshineFiles(
  files: ReadonlyMap<string, string>,
  parameters: Readonly<Record<string, unknown>> | undefined,
): MoonshineFiles | null {
  const [encoder, decoder] = [files.get("encoder"), files.get("decoder")];
  const { layers, heads, headSize } = parameters ?? {};
  if (!encoder || !decoder || !isCount(layers) || !isCount(heads) || !isCount(headSize)) return null;
  return { encoder, decoder, layers, heads, headSize };
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 4096;
