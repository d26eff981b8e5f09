import type { EmotionPolicy } from "@intramuros/contracts";
import type { Store } from "../storage/store.ts";
import { DEFAULT_POLICY } from "./apply-policy.ts";

const TABLE = "settings";
const KEY = "emotion-policy";

/** The policy in force: read at each turn, changed by an administrator. */
export interface EmotionPolicySource {
  current(): EmotionPolicy;
  /** In force once the promise resolves, from the next turn on. */
  replace(policy: EmotionPolicy): Promise<void>;
}

export async function openEmotionPolicy(options: { readonly store: Store }): Promise<EmotionPolicySource> {
  let policy = (await options.store.get<EmotionPolicy>(TABLE, KEY)) ?? DEFAULT_POLICY;
  return {
    current: () => policy,
    replace: async (next) => {
      await options.store.write([{ table: TABLE, key: KEY, value: next }]);
      policy = next;
    },
  };
}
