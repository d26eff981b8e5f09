import type { Config } from "@intramuros/contracts";
import type { CallConfig } from "./call-machine.ts";
import type { DigitsConfig } from "./digits-machine.ts";
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

/** `ringMs`: how long the caller is let wait on purpose. */
export function machinesConfig(config: Config["telephony"], via: DigitsConfig["via"], ringMs = 0): MachinesConfig {
  return {
    call: {
      mediaTimeoutMs: config.mediaTimeoutSeconds * 1000,
      lostMediaTimeoutMs: LOST_MEDIA_MS,
      maxCallMs: config.maxCallMinutes * 60_000,
      answerMs: ANSWER_MS + ringMs,
      handoffPromptMs: HANDOFF_PROMPT_MS,
    },
    turn: { ...TURN_CONFIG, answerTimeoutMs: config.answerTimeoutMs, bargeInMs: config.bargeInMs },
    digits: { via },
  };
}
