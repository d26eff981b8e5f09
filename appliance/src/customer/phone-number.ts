/**
 * The form in which a number is compared: E.164 where it can be told (ITU-T E.164 §6), else the digits as they came. `countryCode`
 * is the site's own, without plus ("86"), or empty when nothing may be assumed. Null: withheld, or no number at all.
 */
export function normaliseNumber(raw: string, countryCode: string): string | null {
  const user = raw.replace(/^(sips?|tel):/i, "").replace(/[;@?].*$/s, "");
  const compact = user.replace(/[\s().\-‐-―/]/g, "");
  if (/^(anonymous|unknown|restricted|unavailable|private)?$/i.test(compact)) return null;
  if (!/^\+?[0-9]{1,20}$/.test(compact)) return compact.slice(0, 60).toLowerCase();
  if (compact.startsWith("+")) return compact;
  if (compact.startsWith("00") && compact.length > 8) return `+${compact.slice(2)}`;
  if (countryCode === "86") {
    // Mobile numbers are 11 digits from 13 to 19; with the trunk prefix 0 some exchanges send twelve. Fixed lines keep their 0.
    if (/^0?1[3-9][0-9]{9}$/.test(compact)) return `+86${compact.replace(/^0/, "")}`;
    if (/^86(1[3-9][0-9]{9})$/.test(compact)) return `+${compact}`;
    if (/^0[1-9][0-9]{8,10}$/.test(compact)) return `+86${compact.slice(1)}`;
  }
  return compact;
}
