import type { RtpEndpointOptions } from "../rtp/rtp-endpoint.ts";
import type { SessionTerms } from "../trunk/session-terms.ts";
import type { DigitVia } from "./digits-machine.ts";
import type { KeptDialog, KeptLeg } from "./kept-call.ts";
import { LegMedia, type LegMediaOptions } from "./leg-media-driver.ts";
import { ringFirst } from "./provisional-driver.ts";
import { followReInvites } from "./re-invite-driver.ts";
import { followRefers, type ReferCall, type Refers } from "./refer-driver.ts";
import { keptDialogOf, resumeDialog } from "./resumed-dialog-driver.ts";
import { infoDigit, q850Of, reasonHeader } from "./sip-fields.ts";
import { ALLOW, type SipAgent, type SipDialog, type SipRequest, type SipResponse } from "./sip-types.ts";
import { type ReplacedDialog, sameDialog, takeOver } from "./take-over-driver.ts";

/** The customer's dialog and media. */
export interface CustomerLegListener {
  /** Answered, and where the audio goes is known. */
  onUp(): void;
  onFailed(reason: string, sipCode: number): void;
  onCancel(): void;
  onBye(bye: { readonly reason: string; readonly byServer: boolean; readonly q850: number }): void;
  onDigit(digit: string, via: DigitVia): void;
  onHold(on: boolean): void;
  /** The codec changed and the sampling rate with it. */
  onRateChanged(): void;
  onFrame: RtpEndpointOptions["onFrame"];
}

export interface CustomerLegOptions {
  readonly sip: SipAgent;
  /** What began the leg; null: the process before this one answered it. */
  readonly invite: { readonly request: SipRequest; readonly response: SipResponse } | null;
  /** How the PBX is rung and answered; not given: at once. */
  readonly session?: SessionTerms;
  /** Follows a REFER of the PBX; null or not given: refused. */
  readonly referCall?: ReferCall | null;
  readonly media: Omit<LegMediaOptions, "onFrame" | "onDigit">;
}

const AT_ONCE: SessionTerms = { answerHeaders: {}, provisional: null, ringMs: 0 };

export class CustomerLeg {
  readonly #options: CustomerLegOptions;
  readonly #listener: CustomerLegListener;
  #media: LegMedia | null = null;
  #dialog: SipDialog | null = null;
  #refers: Refers | null = null;
  #isOver = false;
  #isUp = false;

  constructor(options: CustomerLegOptions, listener: CustomerLegListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Set from the moment that the call is up. */
  get media(): LegMedia | null {
    return this.#media;
  }

  /** Opens the audio. */
  async open(): Promise<LegMedia> {
    this.#media = await LegMedia.open({
      ...this.#options.media,
      onFrame: (frame) => this.#listener.onFrame(frame),
      onDigit: (digit, via) => this.#listener.onDigit(digit, via),
    });
    return this.#media;
  }

  /** Follows the dialog of a leg whose audio was opened where it had been. */
  resume(kept: KeptDialog): void {
    const dialog = resumeDialog(this.#options.sip, kept);
    this.#dialog = dialog;
    this.#isUp = true;
    if (this.#media !== null) this.#follow(dialog, this.#media);
  }

  /** What the next process must know of it; null before it is up. */
  kept(): KeptLeg | null {
    const media = this.#media?.kept() ?? null;
    return media === null || this.#dialog === null ? null : { dialog: keptDialogOf(this.#dialog), media };
  }

  /** Opens the audio and answers. */
  async answer(): Promise<void> {
    const { sip, invite } = this.#options;
    if (invite === null) return;
    const { request, response } = invite;
    request.on("cancel", () => {
      if (!this.#isOver) this.#listener.onCancel();
    });
    const media = await this.open();
    if (this.#isOver) return this.close();
    const lateOffer = this.#options.media.remote === null;
    request.on("update", (update: SipRequest, reply: SipResponse) => answerUpdate(media, update, reply));
    const rung = await ringFirst(invite, this.#options.session ?? AT_ONCE, { media, lateOffer });
    if (this.#isOver) return this.close();
    if (rung.type === "failed") {
      this.reject(rung.sipCode);
      this.#listener.onFailed(rung.reason, rung.sipCode);
      return;
    }
    const headers = { Allow: ALLOW, ...this.#options.session?.answerHeaders };
    sip.createUAS(request, response, { localSdp: rung.localSdp ?? "", headers }, (error, dialog) => {
      if (error) {
        if (!this.#isOver) this.#notAnswered(error);
        return;
      }
      if (this.#isOver) {
        dialog.destroy({ headers: { Reason: reasonHeader(16, "the call has ended") } }, () => undefined);
        return;
      }
      this.#dialog = dialog;
      this.#follow(dialog, media);
      if (rung.agreed) this.#up();
    });
  }

  /** Asks the caller's PBX to take the call elsewhere (RFC 3515); false: it does not. */
  refer(headers: Record<string, string>): Promise<boolean> {
    const dialog = this.#dialog;
    return new Promise((resolve) => {
      if (dialog === null) return resolve(false);
      dialog.request({ method: "REFER", headers }, (error, reply) => {
        resolve(!error && reply !== undefined && reply.status >= 200 && reply.status < 300);
      });
    });
  }

  /** An INVITE with Replaces for this leg's dialog; false: it is for another. */
  takeOver(
    replaced: ReplacedDialog,
    invite: { readonly request: SipRequest; readonly response: SipResponse },
  ): boolean {
    const [dialog, media] = [this.#dialog, this.#media];
    if (dialog === null || media === null || this.#isOver || !sameDialog(dialog, replaced)) return false;
    takeOver(this.#options.sip, { dialog, media, invite }, (next) => {
      if (this.#isOver) return false;
      this.#dialog = next;
      this.#follow(next, media);
      return true;
    });
    return true;
  }

  reject(sipCode: number): void {
    this.#isOver = true;
    const response = this.#options.invite?.response;
    if (response?.finalResponseSent === false) response.send(sipCode);
  }

  bye(q850: number, reason: string): void {
    this.#isOver = true;
    this.#refers?.cancel();
    const dialog = this.#dialog;
    this.#dialog = null;
    dialog?.destroy({ headers: { Reason: reasonHeader(q850, reason) } }, () => undefined);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#refers?.cancel();
    await this.#media?.close();
  }

  /** The library gives a refusal of the SIP server as bare text, its own as an Error. */
  #notAnswered(error: Error | string): void {
    const text = typeof error === "string" ? error : error.message;
    if (/\b487\b/.test(text)) return; // a CANCEL, told by its own event
    // Our answer crossed with a CANCEL, which alone ends an INVITE that was not answered.
    if (/unknown transaction/i.test(text)) this.#listener.onCancel();
    else this.#listener.onFailed(text, 500);
  }

  #up(): void {
    if (this.#isUp || this.#isOver) return;
    this.#isUp = true;
    this.#media?.answered();
    this.#listener.onUp();
  }

  #follow(dialog: SipDialog, media: LegMedia): void {
    dialog.on("destroy", (request: SipRequest) => {
      // The leg has moved on to another, or will if the one that the PBX referred us to answers.
      if (this.#dialog !== dialog && this.#dialog !== null) return;
      if (this.#refers?.isPending === true) return;
      this.#dialog = null;
      if (this.#isOver) return;
      this.#isOver = true;
      const cause = request.get("reason");
      const q850 = q850Of(cause);
      if (request.source !== "application") {
        this.#listener.onBye({ reason: "the caller hung up", byServer: false, q850 });
      } else if (/CANCEL/.test(cause ?? "")) {
        this.#listener.onBye({ reason: "the caller gave up as we answered", byServer: false, q850 });
      } else {
        this.#listener.onBye({ reason: "the other side did not confirm our answer", byServer: true, q850 });
      }
    });
    dialog.on("ack", (request: SipRequest) => {
      if (request.body) {
        const agreed = media.takeAnswer(request.body);
        if (agreed === null && !this.#isUp) {
          this.#listener.onFailed("the caller's answer has no audio that we know", 488);
          this.bye(127, "no audio in common");
          return;
        }
        if (agreed !== null && this.#isUp) this.#changed(agreed);
      }
      this.#up();
    });
    dialog.on("info", (request: SipRequest, response: SipResponse) => {
      const digit = infoDigit(request.get("content-type") ?? "", request.body ?? "");
      if (digit !== null) {
        media.digitSeen(digit, "info");
        this.#listener.onDigit(digit, "info");
      }
      response.send(digit !== null || !request.body ? 200 : 415);
    });
    this.#refers = followRefers({
      dialog,
      media: () => (this.#dialog === dialog ? media : null),
      call: this.#options.referCall ?? null,
      onMoved: (next) => this.#moved(next, media),
      onGone: () => {
        if (this.#isOver || this.#dialog !== dialog) return;
        this.#isOver = true;
        this.#dialog = null;
        this.#listener.onBye({ reason: "the caller hung up", byServer: false, q850: 16 });
      },
    });
    followReInvites(
      dialog,
      () => media,
      (outcome) => this.#changed(outcome),
    );
  }

  /** The PBX moved its end of the leg to somebody else. */
  #moved(dialog: SipDialog, media: LegMedia): void {
    this.#dialog = dialog;
    this.#follow(dialog, media);
    this.#listener.onHold(false);
  }

  #changed(change: { readonly hold: boolean; readonly rateChanged: boolean }): void {
    if (this.#isOver) return;
    if (change.rateChanged) this.#listener.onRateChanged();
    this.#listener.onHold(change.hold);
  }
}

/** UPDATE before our 200 (RFC 3311): a new offer is answered, a mere refresh confirmed. */
function answerUpdate(media: LegMedia, update: SipRequest, reply: SipResponse): void {
  const outcome = update.body ? media.takeOffer(update.body) : null;
  if (outcome === null) reply.send(200);
  else if (outcome.type === "answer") reply.send(200, { body: outcome.sdp });
  else reply.send(outcome.sipCode);
}
