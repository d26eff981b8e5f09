import type { TrunkInput } from "@intramuros/contracts";
import { type Finding, found, skipped } from "./findings.ts";

/** Whether audio goes both ways, keys arrive, and both outlive a hold. */

export interface AudioFacts {
  /** How the audio should come back: an echo of the PBX, our own second leg, or whatever the PBX plays. */
  readonly via: "echo" | "loop" | "anything";
  readonly sent: number;
  readonly received: number;
  /** From addresses that may not speak here. */
  readonly strangers: number;
  /** Whether the probe tone that we sent was heard again; for `loop` by the other leg. */
  readonly probeHeard: boolean;
  /** `loop`: whether the second leg's tone came back to the first. */
  readonly returnHeard: boolean;
  readonly lossFraction: number;
  /** Where the PBX's SDP says it listens, where its signalling comes from. */
  readonly sdpAddress: string;
  readonly signallingAddress: string;
  /** What our SDP said, and whether this machine has it. */
  readonly ourAddress: string;
  readonly ourAddressIsLocal: boolean;
}

export function judgeAudio(facts: AudioFacts): Finding {
  const evidence = `${facts.sent} packets sent, ${facts.received} received, ${facts.strangers} from elsewhere; the PBX's SDP says ${facts.sdpAddress}, its signalling comes from ${facts.signallingAddress}; ours says ${facts.ourAddress}`;
  if (facts.received === 0) return noAudio(facts, evidence);
  if (facts.via !== "anything" && !facts.probeHeard) {
    return found("audio", "failed", {
      code: "one-way-audio",
      what: "we hear the PBX, but what we send does not come back: it does not hear us",
      change: facts.ourAddressIsLocal
        ? `is ${facts.sdpAddress} the PBX's real media address, and is its RTP port range open for packets from here?`
        : `the trunk's SDP names ${facts.ourAddress}: is this address forwarded to this machine, and is the PBX's RTP port range open from here?`,
      field: facts.ourAddressIsLocal ? "" : "media.natAddress",
      evidence,
    });
  }
  if (facts.via === "loop" && !facts.returnHeard) {
    return found("audio", "failed", {
      code: "one-way-audio",
      what: "audio goes through the PBX in one direction only",
      change: "look at the PBX's media path between its two legs: is direct media on while it cannot work?",
      evidence,
    });
  }
  if (facts.lossFraction > 0.02) {
    return found("audio", "warning", {
      code: "audio-lossy",
      what: `${(facts.lossFraction * 100).toFixed(1)} % of the packets were lost`,
      change: "look at the network between here and the PBX: 1 % can be heard",
      evidence,
    });
  }
  if (facts.via === "anything") {
    return found("audio", "warning", {
      code: "audio-inbound-only",
      what: "we hear the PBX; whether it hears us cannot be told without an echo",
      change: "name an echo number of the PBX, or a number that it routes back to us",
      evidence,
    });
  }
  return found("audio", "passed", { code: "audio-both-ways", what: "audio goes both ways", evidence });
}

function noAudio(facts: AudioFacts, evidence: string): Finding {
  if (facts.strangers > 0) {
    return found("audio", "failed", {
      code: "audio-from-elsewhere",
      what: "the PBX's audio comes from an address that the trunk does not list, and is dropped",
      change: "add the address of the PBX's media gateway to the trunk's addresses",
      field: "addresses",
      evidence,
    });
  }
  if (!facts.ourAddressIsLocal) {
    return found("audio", "failed", {
      code: "nat-address-ours",
      what: `no audio comes: our SDP names ${facts.ourAddress}, which this machine does not have`,
      change: "correct the NAT address, or have its RTP port range forwarded to this machine",
      field: "media.natAddress",
      evidence,
    });
  }
  if (facts.sdpAddress !== facts.signallingAddress && isPrivate(facts.sdpAddress)) {
    return found("audio", "failed", {
      code: "nat-address",
      what: `no audio comes: the PBX's SDP names ${facts.sdpAddress}, a private address that is not the one it signals from`,
      change: `enter the PBX's outside address (${facts.signallingAddress}) as its media or NAT address (Asterisk: external_media_address)`,
      evidence,
    });
  }
  return found("audio", "failed", {
    code: "rtp-blocked",
    what: "the call is up and not one audio packet came",
    change: "a firewall drops RTP: open UDP both ways between the PBX's and our RTP port ranges",
    field: "media.rtpPortMin",
    evidence,
  });
}

/** RFC 1918, RFC 6598, loopback, link-local and unique local IPv6. */
export function isPrivate(address: string): boolean {
  return /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:|::1$)/i.test(
    address,
  );
}
export interface DtmfFacts {
  readonly via: AudioFacts["via"];
  readonly mode: TrunkInput["dtmf"];
  /** Whether the PBX's SDP has telephone-event. */
  readonly negotiated: boolean;
  readonly sent: string;
  readonly returned: string;
}

export function judgeDtmf({ via, mode, negotiated, sent, returned }: DtmfFacts): Finding {
  if (!negotiated && (mode === "auto" || mode === "rfc4733")) {
    return found("dtmf", mode === "rfc4733" ? "failed" : "warning", {
      code: "dtmf-not-negotiated",
      what: "the PBX does not offer telephone-event: keys of callers would come as tones or as INFO",
      change:
        mode === "rfc4733"
          ? "switch RFC 4733 (RFC 2833) on for this trunk on the PBX, or set the trunk's keys to auto"
          : "switch RFC 4733 (RFC 2833) on for this trunk on the PBX: tones are told less surely",
      field: "dtmf",
      evidence: "no a=rtpmap … telephone-event in the answer",
    });
  }
  if (!negotiated) return skipped("dtmf", "dtmf-other-way", `keys go by ${mode === "info" ? "SIP INFO" : "tones"}`);
  if (via === "anything")
    return skipped("dtmf", "dtmf-no-echo", "telephone-event was agreed; reading keys back needs an echo");
  if (returned === sent)
    return found("dtmf", "passed", { code: "dtmf-works", what: `all ${sent.length} keys came back as sent` });
  return found("dtmf", "failed", {
    code: returned === "" ? "dtmf-lost" : "dtmf-changed",
    what: returned === "" ? "not one key came back" : `sent ${sent}, came back ${returned}`,
    change: "the PBX takes telephone-event in its SDP and does not pass it on: look at its DTMF method for both legs",
    field: "dtmf",
    evidence: `sent ${sent}; returned ${returned || "nothing"}`,
  });
}
export interface HoldFacts {
  readonly holdStatus: number;
  readonly resumeStatus: number;
  /** Of the seconds before the hold; where none came, silence after it says nothing. */
  readonly packetsBefore: number;
  readonly packetsAfterResume: number;
}

export function judgeHold({ holdStatus, resumeStatus, packetsBefore, packetsAfterResume }: HoldFacts): Finding {
  const evidence = `hold ${holdStatus}, resume ${resumeStatus}, ${packetsAfterResume} packets in the second after it`;
  if (holdStatus !== 200 || resumeStatus !== 200) {
    return found("hold", "failed", {
      code: "hold-refused",
      what: `the PBX refuses a re-INVITE with ${holdStatus === 200 ? resumeStatus : holdStatus}`,
      change: "allow re-INVITE (hold) on the PBX's trunk: holding and handing over need it",
      evidence,
    });
  }
  if (packetsBefore > 0 && packetsAfterResume === 0) {
    return found("hold", "failed", {
      code: "hold-silent",
      what: "after hold and resume no audio comes any more",
      change: "look at the PBX's music-on-hold and media settings for this trunk",
      evidence,
    });
  }
  return found("hold", "passed", { code: "hold-works", what: "hold and resume work", evidence });
}
