import { bridgeEndpoints } from "../rtp/bridge-driver.ts";
import type { CodecName, RtpEndpoint } from "../rtp/rtp-endpoint.ts";
import type { Binding } from "../trunk/registrar.ts";
import { AgentLegs, type AgentLegsDeps, type AgentLegsListener } from "./agent-legs-driver.ts";
import { RING_BACK_MS, ringBack } from "./tones.ts";

/** What the customer hears and whom he is joined with while a person is sought. */
const MAX_RUNG = 50;
const ALL_CODECS: readonly CodecName[] = ["PCMA", "PCMU", "G722"];

export class Handoff {
  readonly #legs: AgentLegs;
  #timer: NodeJS.Timeout | null = null;
  #bridge: { readonly undo: () => void; readonly legId: string } | null = null;

  constructor(deps: AgentLegsDeps, listener: AgentLegsListener) {
    this.#legs = new AgentLegs(deps, listener);
  }

  /** Rings all contacts at once, the customer's codec first so that nothing need be transcoded. */
  ring(
    bindings: readonly Binding[],
    caller: { readonly from: string; readonly displayName: string; readonly codec: CodecName },
  ): readonly { readonly legId: string; readonly phoneId: string }[] {
    const { from, displayName, codec } = caller;
    const preference = [codec, ...ALL_CODECS.filter((name) => name !== codec)];
    return this.#legs.ring(bindings.slice(0, MAX_RUNG), { from, displayName, preference });
  }

  ringTone(endpoint: RtpEndpoint, on: boolean): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    endpoint.stopPlaying();
    if (!on) return;
    const play = (): void => void endpoint.play(ringBack(endpoint.sampleRateHz));
    play();
    this.#timer = setInterval(play, RING_BACK_MS);
  }

  bridge(endpoint: RtpEndpoint, legId: string): void {
    const media = this.#legs.media(legId);
    if (media !== null) this.#bridge = { undo: bridgeEndpoints(endpoint, media.endpoint).undo, legId };
  }

  /** How long the bridged agent has been silent; null: nobody is bridged, or he is on hold. */
  agentSilentMs(): number | null {
    const media = this.#bridge === null ? null : this.#legs.media(this.#bridge.legId);
    return media === null || media.isOnHold ? null : media.endpoint.report().silentForMs;
  }

  cancelAll(except: string | null): void {
    this.#legs.cancelAll(except);
  }

  bye(legId: string): void {
    if (this.#bridge?.legId === legId) this.#unbridge();
    this.#legs.bye(legId);
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#unbridge();
    this.#legs.close();
  }

  #unbridge(): void {
    this.#bridge?.undo();
    this.#bridge = null;
  }
}
