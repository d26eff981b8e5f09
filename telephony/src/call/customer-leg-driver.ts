import type { RtpEndpointOptions } from "../rtp/rtp-endpoint.ts";
import { LegMedia, type LegMediaOptions } from "./leg-media-driver.ts";
import { followReInvites } from "./re-invite-driver.ts";
import { infoDigit, q850Of, reasonHeader } from "./sip-fields.ts";
import { ALLOW, type SipAgent, type SipDialog, type SipRequest, type SipResponse } from "./sip-types.ts";

/** The customer's dialog and media. */
export interface CustomerLegListener {
  /** Answered, and where the audio goes is known. */
  onUp(): void;
  onFailed(reason: string, sipCode: number): void;
  onCancel(): void;
  onBye(bye: { readonly reason: string; readonly byServer: boolean; readonly q850: number }): void;
  onDigit(digit: string, via: "rfc4733" | "info"): void;
  onHold(on: boolean): void;
  /** The codec changed and the sampling rate with it. */
  onRateChanged(): void;
  onFrame: RtpEndpointOptions["onFrame"];
}

export interface CustomerLegOptions {
  readonly sip: SipAgent;
  readonly request: SipRequest;
  readonly response: SipResponse;
  readonly media: Omit<LegMediaOptions, "onFrame" | "onDigit">;
}

export class CustomerLeg {
  readonly #options: CustomerLegOptions;
  readonly #listener: CustomerLegListener;
  #media: LegMedia | null = null;
  #dialog: SipDialog | null = null;
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

  /** Opens the audio and answers. */
  async answer(): Promise<void> {
    const { sip, request, response } = this.#options;
    request.on("cancel", () => {
      if (!this.#isOver) this.#listener.onCancel();
    });
    const media = await LegMedia.open({
      ...this.#options.media,
      onFrame: (frame) => this.#listener.onFrame(frame),
      onDigit: (digit) => this.#listener.onDigit(digit, "rfc4733"),
    });
    this.#media = media;
    if (this.#isOver) return this.close();
    const lateOffer = this.#options.media.remote === null;
    sip.createUAS(request, response, { localSdp: media.firstSdp(), headers: { Allow: ALLOW } }, (error, dialog) => {
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
      if (!lateOffer) this.#up();
    });
  }

  reject(sipCode: number): void {
    this.#isOver = true;
    const { response } = this.#options;
    if (!response.finalResponseSent) response.send(sipCode);
  }

  bye(q850: number, reason: string): void {
    this.#isOver = true;
    const dialog = this.#dialog;
    this.#dialog = null;
    dialog?.destroy({ headers: { Reason: reasonHeader(q850, reason) } }, () => undefined);
  }

  async close(): Promise<void> {
    this.#isOver = true;
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
    this.#listener.onUp();
  }

  #follow(dialog: SipDialog, media: LegMedia): void {
    dialog.on("destroy", (request: SipRequest) => {
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
      if (digit !== null) this.#listener.onDigit(digit, "info");
      response.send(digit !== null || !request.body ? 200 : 415);
    });
    followReInvites(
      dialog,
      () => media,
      (outcome) => this.#changed(outcome),
    );
  }

  #changed(change: { readonly hold: boolean; readonly rateChanged: boolean }): void {
    if (this.#isOver) return;
    if (change.rateChanged) this.#listener.onRateChanged();
    this.#listener.onHold(change.hold);
  }
}
