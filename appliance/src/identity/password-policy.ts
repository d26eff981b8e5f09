import { PASSWORD_MAX, PASSWORD_MIN } from "@intramuros/contracts";

/** Why a password is not taken, as a code for the console's sentence; null when it is taken. */
export type PasswordFault =
  | "password-too-short"
  | "password-too-long"
  | "password-common"
  | "password-contains-username"
  | "password-too-simple";

/** Stems that guessing programs try first; compared without case, digits and signs, so that `Password2026!!` is one of them. */
const COMMON_STEMS = new Set([
  ..."password passwort passw pass admin administrator root qwerty qwertyuiop qwertyuiopasdf asdfghjkl asdfghjklzxcvbnm zxcvbnm".split(
    " ",
  ),
  ..."letmein welcome iloveyou monkey dragon football baseball sunshine princess master superman trustno starwars whatever".split(
    " ",
  ),
  ..."login test testtest guest default changeme secret company bank intramuros service support system computer internet".split(
    " ",
  ),
  ..."woaini woainiwoaini nihao mima caonima zhongguo beijing shanghai yinhang gongsi aini qaz wsx qazwsx qazwsxedc abc abcdef".split(
    " ",
  ),
]);
const DISTINCT_MIN = 5;

export function checkPassword(password: string, username: string): PasswordFault | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN) return "password-too-short";
  if (length > PASSWORD_MAX) return "password-too-long";
  const lower = password.normalize("NFKC").toLowerCase();
  if (lower.includes(username.normalize("NFKC").toLowerCase())) return "password-contains-username";
  if (new Set(lower).size < DISTINCT_MIN || isRun(lower)) return "password-too-simple";
  const plainStem = lower.replace(/[^\p{L}]/gu, "");
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const stem = core
    .replaceAll("@", "a")
    .replaceAll("0", "o")
    .replaceAll("$", "s")
    .replace(/[^\p{L}]/gu, "");
  if (stem.length === 0 || [stem, plainStem].some((one) => COMMON_STEMS.has(one) || isRepeated(one)))
    return "password-common";
  return null;
}

/** 123456789012, abcdefghijkl and the like. */
function isRun(text: string): boolean {
  let steps = 0;
  for (let i = 1; i < text.length; i += 1) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (Math.abs(step) === 1 || step === -9) steps += 1;
  }
  return steps >= text.length - 3;
}

/** passwordpassword, adminadminadmin. */
function isRepeated(stem: string): boolean {
  for (let size = 3; size <= stem.length / 2; size += 1) {
    if (stem.length % size === 0 && stem.slice(0, size).repeat(stem.length / size) === stem) return true;
  }
  return false;
}

export const passwordAdvice: Readonly<Record<PasswordFault, { readonly message: string; readonly hint: string }>> = {
  "password-too-short": {
    message: `a password has at least ${PASSWORD_MIN} characters`,
    hint: "three or four unrelated words are long and easy to remember",
  },
  "password-too-long": { message: `a password has at most ${PASSWORD_MAX} characters`, hint: "shorten it" },
  "password-common": {
    message: "this is one of the first passwords that anyone would try",
    hint: "choose words that nobody would guess together",
  },
  "password-contains-username": {
    message: "the password contains the user name",
    hint: "choose words that have nothing to do with the account",
  },
  "password-too-simple": {
    message: "the password is a run or a repetition of few characters",
    hint: "three or four unrelated words are long and easy to remember",
  },
};
