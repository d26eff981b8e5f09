/** What a trunk's form says about audio, as the offers, answers and endpoints of its calls want it. */
import type { TrunkInput } from "@intramuros/contracts";
import type { CodecName, TonesWish } from "../rtp/rtp-endpoint.ts";
import type { SrtpSuite } from "../rtp/srtp.ts";

/** JSON-able: a call outlives a restart. */
export interface MediaTerms {
  readonly preference: readonly CodecName[];
  /** Asked of the peer, and sent when it asks for nothing. */
  readonly ptimeMs: number;
  readonly srtp: "off" | "allow" | "require";
  readonly suites: readonly SrtpSuite[];
  /** telephone-event in our offers; null: keys go another way, and none is negotiated. */
  readonly dtmfPayloadType: number | null;
  readonly dtmf: TrunkInput["dtmf"];
  readonly comfortNoise: boolean;
  readonly rtcp: boolean;
  readonly symmetric: boolean;
  /** 0 and 0: the machine's. */
  readonly ports: { readonly min: number; readonly max: number };
  readonly timeouts: MediaTimeouts;
}

/** How long a call lives without the caller's audio; 0: for ever. */
export interface MediaTimeouts {
  /** From the answer, when nothing ever came. */
  readonly initialMs: number;
  readonly runningMs: number;
  readonly holdMs: number;
}

const ALL_SUITES: readonly SrtpSuite[] = ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"];

/** The machine's, `telephony.mediaTimeoutSeconds`, holds then. */
const NO_LIMIT_OF_ITS_OWN = 3_600_000;

/** Of a phone, or of a trunk that says nothing. */
export const plainTerms = (preference: readonly CodecName[]): MediaTerms => ({
  ...{ preference, ptimeMs: 20, srtp: "off", suites: ALL_SUITES, dtmfPayloadType: 101, dtmf: "auto" },
  ...{ comfortNoise: false, rtcp: true, symmetric: true, ports: { min: 0, max: 0 } },
  timeouts: { initialMs: NO_LIMIT_OF_ITS_OWN, runningMs: NO_LIMIT_OF_ITS_OWN, holdMs: 0 },
});

export function termsOf(trunk: Pick<TrunkInput, "codecs" | "dtmf" | "media">): MediaTerms {
  const { codecs, dtmf, media } = trunk;
  return {
    preference: codecs,
    ptimeMs: media.ptimeMs,
    srtp: media.srtp,
    suites: media.srtpSuites,
    dtmfPayloadType: dtmf === "auto" || dtmf === "rfc4733" ? media.dtmfPayloadType : null,
    dtmf,
    comfortNoise: media.comfortNoise,
    rtcp: media.rtcp,
    symmetric: media.symmetricRtp,
    ports: { min: media.rtpPortMin, max: media.rtpPortMax },
    timeouts: {
      initialMs: media.initialTimeoutSeconds * 1000,
      runningMs: media.timeoutSeconds * 1000,
      holdMs: media.holdTimeoutSeconds * 1000,
    },
  };
}

/** Keys as tones: the trunk's only way, or where nothing better was agreed on. */
export function tonesOf({ dtmf }: MediaTerms): TonesWish {
  if (dtmf === "inband") return "always";
  return dtmf === "auto" ? "fallback" : "off";
}

/** The address that our SDP names. */
export function sdpAddressOf(
  trunk: { readonly media: { readonly natAddress: string } } | null,
  own: { readonly publicAddress: string; readonly bindAddress: string },
): string {
  return trunk?.media.natAddress || own.publicAddress || own.bindAddress;
}
