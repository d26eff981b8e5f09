import { inspect } from "node:util";

/**
 * Customer data: names, numbers, digits, words spoken. Prints, logs and serialises as `[pii]`; `reveal` is the only way in, so
 * that each use can be found by its name.
 */
export class Pii<T> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return "[pii]";
  }
  toJSON(): string {
    return "[pii]";
  }
  [inspect.custom](): string {
    return "[pii]";
  }
}

export const pii = <T>(value: T): Pii<T> => new Pii(value);
