import type { Config } from "@intramuros/contracts";
import type { CallConfig } from "./call-machine.ts";
import type { DigitsConfig } from "./digits-machine.ts";
import type { MediaTimeouts } from "./media-terms.ts";
import type { TurnConfig } from "./turn.ts";
import { TURN_CONFIG } from "./turn-machine.ts";

/** What the machines of one call are run with. */
export interface MachinesConfig {
  readonly call: CallConfig;
  readonly turn: TurnConfig;
  readonly digits: DigitsConfig;
}

const ANSWER_MS = 20_000;
const HANDOFF_PROMPT_MS = 20_000;
/** Without signalling there is no BYE: silence ends a call sooner then, but not before the SIP server can be back. */
const LOST_MEDIA_MS = 30_000;

/** `ringMs`: how long the caller is let wait on purpose. `timeouts`: the trunk's; the machine's own is never exceeded but by "never". */
export function machinesConfig(
  config: Config["telephony"],
  via: DigitsConfig["via"],
  trunk: { readonly ringMs?: number | undefined; readonly timeouts?: MediaTimeouts | undefined } = {},
): MachinesConfig {
  const { ringMs = 0, timeouts } = trunk;
  const own = config.mediaTimeoutSeconds * 1000;
  const limit = (ms: number | undefined): number => (ms === 0 ? Number.POSITIVE_INFINITY : Math.min(own, ms ?? own));
  return {
    call: {
      mediaTimeoutMs: limit(timeouts?.runningMs),
      initialMediaTimeoutMs: limit(timeouts?.initialMs),
      holdTimeoutMs: timeouts?.holdMs || Number.POSITIVE_INFINITY,
      lostMediaTimeoutMs: LOST_MEDIA_MS,
      maxCallMs: config.maxCallMinutes * 60_000,
      answerMs: ANSWER_MS + ringMs,
      handoffPromptMs: HANDOFF_PROMPT_MS,
    },
    turn: { ...TURN_CONFIG, answerTimeoutMs: config.answerTimeoutMs, bargeInMs: config.bargeInMs },
    digits: { via },
  };
}
