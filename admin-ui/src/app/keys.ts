/** What a key press means. `g` waits for the next letter for a second and a half. */
export type KeyCommand =
  | { readonly type: "go"; readonly key: string }
  | { readonly type: "await-letter" }
  | { readonly type: "help" }
  | { readonly type: "search" }
  | { readonly type: "nothing" };

export interface KeyPress {
  readonly key: string;
  readonly withModifier: boolean;
  /** Typing into a field is nobody's shortcut. */
  readonly inField: boolean;
  readonly sinceG: number | null;
}
export const G_WAITS_MS = 1500;

export function commandOf(press: KeyPress): KeyCommand {
  if (press.inField) return { type: "nothing" };
  if (press.withModifier) return press.key.toLowerCase() === "k" ? { type: "search" } : { type: "nothing" };
  if (press.sinceG !== null && press.sinceG < G_WAITS_MS && /^[a-z]$/.test(press.key))
    return { type: "go", key: press.key };
  switch (press.key) {
    case "g":
      return { type: "await-letter" };
    case "?":
      return { type: "help" };
    case "/":
      return { type: "search" };
    default:
      return { type: "nothing" };
  }
}
