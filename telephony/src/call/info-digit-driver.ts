import type { LegMedia } from "./leg-media-driver.ts";
import type { SipDialog } from "./sip-types.ts";

const DIGIT_MS = 160;

/** Sends a key the way the leg's trunk has it: in the audio, or by INFO in the dialog. */
export function sendDigit(leg: { readonly media: LegMedia; readonly dialog: SipDialog }, digit: string): void {
  if (leg.media.sendDigit(digit, DIGIT_MS) !== "info") return;
  leg.dialog.request(
    {
      method: "INFO",
      headers: { "Content-Type": "application/dtmf-relay" },
      body: `Signal=${digit}\r\nDuration=${DIGIT_MS}\r\n`,
    },
    () => undefined, // a peer that refuses keys by INFO has no other way left
  );
}
