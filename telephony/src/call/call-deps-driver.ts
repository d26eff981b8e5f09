import type { Config, Logger } from "@intramuros/contracts";
import type { RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { Binding } from "../trunk/registrar.ts";
import type { SetupMessage } from "../trunk/set-up.ts";
import type { CallMediaStore } from "./call-media-store.ts";
import type { CustomerLegOptions } from "./customer-leg-driver.ts";
import type { EventBody } from "./event-log-store.ts";
import type { InferenceLink } from "./inference-link-client.ts";
import type { KeptCall, OfferFacts } from "./kept-call.ts";
import type { PromptStore } from "./prompt-store.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { SipAgent } from "./sip-types.ts";
import type { Trunks } from "./trunks-driver.ts";

/** What every call is given. */
export interface CallDeps {
  readonly config: Config["telephony"];
  readonly sip: SipAgent;
  readonly pool: RtpPortPool;
  readonly callMedia: CallMediaStore;
  readonly link: InferenceLink;
  readonly prompts: PromptStore;
  readonly recordings: RecordingStore;
  readonly log: Logger;
  /** Kept until acknowledged. */
  readonly emit: (body: EventBody) => void;
  /** Sent to whom is attached, else forgotten. */
  readonly tell: (body: EventBody) => void;
  readonly isAttached: () => boolean;
  readonly contactsOf: (phoneId: string) => readonly Binding[];
  readonly trunks: Trunks;
  readonly onOver: (callId: string) => void;
  /** What `kept` gives has changed. */
  readonly keep: (callId: string) => void;
}

/** What one call begins with. */
export interface CallOffer extends OfferFacts {
  readonly setup: SetupMessage;
  readonly leg: Omit<CustomerLegOptions, "sip">;
  /** The call was another process's. */
  readonly kept?: KeptCall;
}
