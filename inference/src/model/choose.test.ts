import { expect, test } from "vitest";
import { chooseByLanguage } from "./choose.ts";

const pack = (id: string, ...languages: string[]) => ({ id, card: { languages } });

test("a site's pack takes the place of the built-in one for its language, the others stay", () => {
  const [english, both, site] = [pack("built-in", "en"), pack("second", "en", "zh"), pack("site", "en")];
  const { byLanguage, replaced } = chooseByLanguage([english, both, site]);
  expect([...byLanguage].map(([language, { id }]) => [language, id])).toEqual([
    ["en", "site"],
    ["zh", "second"],
  ]);
  expect(replaced).toEqual([{ pack: english, by: site }]);
});

test("a pack of no language replaces nothing and serves nobody", () => {
  const { byLanguage, replaced } = chooseByLanguage([pack("a", "en"), pack("b")]);
  expect(byLanguage.size).toBe(1);
  expect(replaced).toEqual([]);
});
