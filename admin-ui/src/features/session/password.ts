import { PASSWORD_MAX, PASSWORD_MIN } from "@intramuros/contracts/browser";

/** What the set-up page shows while one types; the appliance decides. */
export interface PasswordCheck {
  readonly length: boolean;
  readonly name: boolean;
  readonly varied: boolean;
  readonly repeat: boolean;
}

export function checkPassword(entry: {
  readonly password: string;
  readonly repeat: string;
  readonly username: string;
}): PasswordCheck {
  const { password, repeat, username } = entry;
  const count = [...password].length;
  return {
    length: count >= PASSWORD_MIN && password.length <= PASSWORD_MAX,
    name: password !== "" && (username.length < 2 || !password.toLowerCase().includes(username.toLowerCase())),
    varied: password !== "" && new Set(password).size > 3 && !isRun(password),
    repeat: password !== "" && password === repeat,
  };
}

/** 123456789012, abcdefghijkl: each character one step from the one before. */
function isRun(text: string): boolean {
  const steps = new Set<number>();
  for (let place = 1; place < text.length; place++) {
    const step = text.charCodeAt(place) - text.charCodeAt(place - 1);
    steps.add(step === -9 ? 1 : step === 9 ? -1 : step);
  }
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

export function allGood(check: PasswordCheck): boolean {
  return check.length && check.name && check.varied && check.repeat;
}
