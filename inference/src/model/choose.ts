/** Which pack serves which language: the last one wins, and imported packs come after the built-in ones. */
export interface Chosen<P> {
  readonly byLanguage: ReadonlyMap<string, P>;
  /** Packs that another one has replaced in all their languages; they need not be loaded. */
  readonly replaced: readonly { readonly pack: P; readonly by: P }[];
}

export function chooseByLanguage<P extends { readonly card: { readonly languages: readonly string[] } }>(
  packs: readonly P[],
): Chosen<P> {
  const byLanguage = new Map<string, P>();
  for (const pack of packs) for (const language of pack.card.languages) byLanguage.set(language, pack);
  const serving = new Set(byLanguage.values());
  const replaced = packs.flatMap((pack) => {
    const by = pack.card.languages.map((language) => byLanguage.get(language)).find((other) => other !== undefined);
    return serving.has(pack) || by === undefined ? [] : [{ pack, by }];
  });
  return { byLanguage, replaced };
}
