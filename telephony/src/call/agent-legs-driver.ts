import type { Logger } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { CodecName } from "../rtp/rtp-endpoint.ts";
import type { RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { Binding } from "../trunk/registrar.ts";
import { LegMedia } from "./leg-media-driver.ts";
import { followReInvites } from "./re-invite-driver.ts";
import { reasonHeader } from "./sip-fields.ts";
import type { SipAgent, SipDialog, SipRequest } from "./sip-types.ts";

/** The phones that a call rings: an INVITE with its own RTP endpoint to each contact, all at once; one of them may be bridged. */
export interface AgentLegsListener {
  onRinging(legId: string): void;
  onAnswered(legId: string): void;
  onFailed(legId: string, reason: string): void;
  onBye(legId: string): void;
}

export interface AgentLegsDeps {
  readonly sip: SipAgent;
  readonly pool: RtpPortPool;
  readonly log: Logger;
  /** Written in SDP in place of our own address; empty: our own. */
  readonly publicAddress: string;
}

interface Leg {
  readonly legId: string;
  readonly phoneId: string;
  media: LegMedia | null;
  request: SipRequest | null;
  dialog: SipDialog | null;
  isOver: boolean;
}

export class AgentLegs {
  readonly #deps: AgentLegsDeps;
  readonly #listener: AgentLegsListener;
  readonly #legs = new Map<string, Leg>();

  constructor(deps: AgentLegsDeps, listener: AgentLegsListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  /** Begins to ring; returns the legs at once. */
  ring(
    bindings: readonly Binding[],
    call: { readonly from: string; readonly displayName: string; readonly preference: readonly CodecName[] },
  ): readonly { readonly legId: string; readonly phoneId: string }[] {
    return bindings.map((binding) => {
      const leg: Leg = {
        legId: uuid(),
        phoneId: binding.phoneId,
        media: null,
        request: null,
        dialog: null,
        isOver: false,
      };
      this.#legs.set(leg.legId, leg);
      void this.#invite(leg, binding, call).catch((error: unknown) => {
        this.#fail(leg, error instanceof Error ? error.message : "the phone could not be called");
      });
      return { legId: leg.legId, phoneId: leg.phoneId };
    });
  }

  media(legId: string): LegMedia | null {
    return this.#legs.get(legId)?.media ?? null;
  }

  cancelAll(except: string | null): void {
    for (const leg of this.#legs.values()) if (leg.legId !== except && leg.dialog === null) this.#cancel(leg);
  }

  bye(legId: string): void {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return;
    leg.isOver = true;
    const { dialog } = leg;
    leg.dialog = null;
    dialog?.destroy({ headers: { Reason: reasonHeader(16, "the call has ended") } }, () => undefined);
    this.#release(leg);
  }

  /** Ends whatever is left. */
  close(): void {
    for (const leg of [...this.#legs.values()]) {
      if (leg.dialog === null) this.#cancel(leg);
      else this.bye(leg.legId);
    }
  }

  async #invite(
    leg: Leg,
    binding: Binding,
    call: { readonly from: string; readonly displayName: string; readonly preference: readonly CodecName[] },
  ): Promise<void> {
    const { sip, pool, publicAddress } = this.#deps;
    const { source } = binding;
    const media = await LegMedia.open({
      pool,
      bindAddress: source.localAddress,
      sdpAddress: publicAddress === "" ? source.localAddress : publicAddress,
      preference: call.preference,
      remote: null,
      signallingSource: source.address,
      onFrame: () => undefined,
      onDigit: () => undefined,
    });
    if (leg.isOver) {
      await media.close();
      return;
    }
    leg.media = media;
    const name = call.displayName.replace(/["\\\r\n]/g, "");
    const from = `${name === "" ? "" : `"${name}" `}<sip:${encodeURIComponent(call.from) || "anonymous"}@localhost>`;
    const host = source.address.includes(":") ? `[${source.address}]` : source.address;
    const transport = source.protocol === "udp" ? "" : ";transport=tcp";
    sip.createUAC(
      binding.contact,
      {
        localSdp: media.firstSdp(),
        proxy: `sip:${host}:${source.port}${transport}`,
        headers: { From: from },
      },
      {
        cbRequest: (error, request) => {
          if (error !== null) return; // the callback below is told as well
          leg.request = request;
          if (leg.isOver) request.cancel(() => undefined);
        },
        cbProvisional: (response) => {
          if (!leg.isOver && response.status >= 180) this.#listener.onRinging(leg.legId);
        },
      },
      (error, dialog) => {
        if (error !== null) this.#fail(leg, reasonOf(error));
        else this.#answered(leg, dialog);
      },
    );
  }

  #answered(leg: Leg, dialog: SipDialog): void {
    const bye = (reason: string): void =>
      dialog.destroy({ headers: { Reason: reasonHeader(16, reason) } }, () => undefined);
    if (leg.isOver) {
      bye("answered too late");
      this.#release(leg);
      return;
    }
    if (leg.media?.takeAnswer(dialog.remote.sdp ?? "") == null) {
      bye("the answer has no audio that we know");
      this.#fail(leg, "the phone answered with audio that we do not know");
      return;
    }
    leg.dialog = dialog;
    this.#follow(leg, dialog);
    this.#listener.onAnswered(leg.legId);
  }

  #follow(leg: Leg, dialog: SipDialog): void {
    dialog.on("destroy", () => {
      leg.dialog = null;
      leg.isOver = true;
      this.#listener.onBye(leg.legId);
      this.#release(leg);
    });
    followReInvites(
      dialog,
      () => leg.media,
      () => undefined,
    );
    dialog.on("ack", (request: SipRequest) => {
      if (request.body) leg.media?.takeAnswer(request.body);
    });
  }

  #cancel(leg: Leg): void {
    if (leg.isOver) return;
    leg.isOver = true;
    try {
      leg.request?.cancel(() => undefined);
    } catch {
      // The connection to the SIP server is gone, and the transaction with it.
    }
    void leg.media?.close();
    leg.media = null;
  }

  #fail(leg: Leg, reason: string): void {
    const wasOver = leg.isOver;
    leg.isOver = true;
    this.#release(leg);
    if (!wasOver) this.#listener.onFailed(leg.legId, reason);
  }

  #release(leg: Leg): void {
    this.#legs.delete(leg.legId);
    leg.media?.close().catch((error: unknown) => this.#deps.log.warn({ err: error }, "an RTP endpoint did not close"));
    leg.media = null;
  }
}

function reasonOf(error: Error & { readonly status?: number }): string {
  switch (error.status) {
    case undefined:
      return error.message;
    case 486:
    case 600:
      return "busy";
    case 603:
      return "declined";
    case 408:
    case 480:
      return "no answer";
    case 487:
      return "cancelled";
    default:
      return `the phone answered with ${error.status}`;
  }
}
