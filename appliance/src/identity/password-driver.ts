import { type Algorithm, hash, verify } from "@node-rs/argon2";
import { HttpFault } from "../http/route.ts";

/** OWASP's figures for Argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const IN_FLIGHT_MAX = 4;
const WAITING_MAX = 200;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Null as hash (nobody by that name) costs the same time and is false. */
  verify(password: string, kept: string | null): Promise<boolean>;
}

/** At most four hashes at once, so that a flood of sign-ins leaves the processor to the callers. */
export async function openPasswords(): Promise<Passwords> {
  const nobody = await hash("nobody has this password", PARAMETERS);
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (inFlight >= IN_FLIGHT_MAX) {
      if (waiting.length >= WAITING_MAX) {
        throw new HttpFault({
          status: 503,
          code: "too-many-sign-ins",
          message: "too many people sign in at this moment",
          hint: "try again in a few seconds",
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    inFlight += 1;
    try {
      return await work();
    } finally {
      inFlight -= 1;
      waiting.shift()?.();
    }
  };
  return {
    hash: (password) => inTurn(() => hash(password.normalize("NFKC"), PARAMETERS)),
    async verify(password, kept) {
      const same = await inTurn(() => verify(kept ?? nobody, password.normalize("NFKC")));
      return kept !== null && same;
    },
  };
}
