import { bridgeEndpoints } from "../rtp/bridge-driver.ts";
import type { CodecName, RtpEndpoint } from "../rtp/rtp-endpoint.ts";
import type { CallerIdentity, PassedHeaders } from "../trunk/caller-identity.ts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import { AgentLegs, type AgentLegsDeps, type AgentLegsListener, type RingTarget } from "./agent-legs-driver.ts";
import type { DigitVia } from "./digits-machine.ts";
import type { KeptAgentLeg } from "./kept-call.ts";
import type { LegParty } from "./leg-party.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";
import type { ReplacedDialog } from "./take-over-driver.ts";
import { RING_BACK_MS, ringBack } from "./tones.ts";

/** What the customer hears and whom he is joined with while a person is sought. */
const MAX_RUNG = 50;
const ALL_CODECS: readonly CodecName[] = ["PCMA", "PCMU", "G722"];

export class Handoff {
  readonly #legs: AgentLegs;
  #timer: NodeJS.Timeout | null = null;
  #bridge: { readonly undo: () => void; readonly legId: string } | null = null;
  /** The customer's end, while it rings. */
  #ringing: RtpEndpoint | null = null;

  constructor(deps: AgentLegsDeps, listener: Omit<AgentLegsListener, "onEarlyMedia">) {
    this.#legs = new AgentLegs(deps, {
      ...listener,
      onEarlyMedia: (legId, on) => (on ? this.#earlyMedia(legId) : this.#earlyMediaGone(legId)),
      onFailed: (legId, reason) => {
        this.#earlyMediaGone(legId);
        listener.onFailed(legId, reason);
      },
    });
  }

  /** Rings all at once, the customer's codec first so that nothing need be transcoded. */
  ring(
    targets: readonly RingTarget[],
    call: { readonly caller: CallerIdentity; readonly passed: PassedHeaders; readonly codec: CodecName },
  ): readonly { readonly legId: string; readonly phoneId: string }[] {
    const { caller, passed, codec } = call;
    const preference = [codec, ...ALL_CODECS.filter((name) => name !== codec)];
    return this.#legs.ring(targets.slice(0, MAX_RUNG), { caller, passed, preference });
  }

  party(legId: string): LegParty {
    return this.#legs.party(legId);
  }

  /** Opens the audio of a leg that the process before this one had joined. */
  open(kept: KeptAgentLeg): Promise<void> {
    return this.#legs.open(kept);
  }

  /** Follows its dialog. */
  resume(kept: KeptAgentLeg, trunk: TrunkMessage | null): void {
    this.#legs.resume(kept, trunk);
  }

  kept(legId: string): KeptAgentLeg | null {
    return this.#legs.kept(legId);
  }

  takeOver(
    replaced: ReplacedDialog,
    trunkId: string,
    invite: { readonly request: SipRequest; readonly response: SipResponse },
  ): boolean {
    return this.#legs.takeOver(replaced, trunkId, invite);
  }

  ringTone(endpoint: RtpEndpoint, on: boolean): void {
    this.#silence(endpoint);
    this.#ringing = on ? endpoint : null;
    if (!on) return;
    const play = (): void => void endpoint.play(ringBack(endpoint.sampleRateHz));
    play();
    this.#timer = setInterval(play, RING_BACK_MS);
  }

  bridge(endpoint: RtpEndpoint, legId: string): void {
    const media = this.#legs.media(legId);
    if (media === null) return;
    this.#unbridge();
    this.#bridge = { undo: bridgeEndpoints(endpoint, media.endpoint).undo, legId };
  }

  /** How long the bridged agent has been silent; null: nobody is bridged, or he is on hold. */
  agentSilentMs(): number | null {
    const media = this.#bridge === null ? null : this.#legs.media(this.#bridge.legId);
    return media === null || media.isOnHold ? null : media.endpoint.report().silentForMs;
  }

  /** A key of the customer's, to whom he is joined with. */
  passDigit(digit: string, via: DigitVia): void {
    if (this.#bridge !== null) this.#legs.passDigit(this.#bridge.legId, digit, via);
  }

  cancelAll(except: string | null): void {
    // Another leg's announcement must not go on when this one is taken.
    if (this.#bridge !== null && this.#bridge.legId !== except) this.#unbridge();
    this.#legs.cancelAll(except);
  }

  bye(legId: string): void {
    if (this.#bridge?.legId === legId) this.#unbridge();
    this.#legs.bye(legId);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#ringing = null;
    this.#unbridge();
    this.#legs.close();
  }

  /** The first network that plays something is heard instead of our ring tone; others that come later are not. */
  #earlyMedia(legId: string): void {
    if (this.#ringing === null || (this.#bridge !== null && this.#bridge.legId !== legId)) return;
    this.#silence(this.#ringing);
    this.bridge(this.#ringing, legId);
  }

  #earlyMediaGone(legId: string): void {
    if (this.#bridge?.legId !== legId || this.#ringing === null) return;
    this.#unbridge();
    this.ringTone(this.#ringing, true);
  }

  #silence(endpoint: RtpEndpoint): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    endpoint.stopPlaying();
  }

  #unbridge(): void {
    this.#bridge?.undo();
    this.#bridge = null;
  }
}
