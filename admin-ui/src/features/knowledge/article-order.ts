import type { Article } from "@intramuros/contracts/browser";

/** The articles of a state, those in the reader's language first, then by title as that language sorts. */
export function sortArticles(
  articles: readonly Article[],
  { state, first }: { readonly state: string; readonly first: "zh" | "en" },
): readonly Article[] {
  const order = new Intl.Collator(first === "zh" ? "zh-CN" : "en");
  return articles
    .filter((row) => state === "" || (state === "seed" ? row.seed : row.enabled === (state === "enabled")))
    .sort(
      (left, right) =>
        Number(right.language === first) - Number(left.language === first) || order.compare(left.title, right.title),
    );
}
