import type { DoctorFinding, TrunkInput } from "@intramuros/contracts";

/**
 * From what was seen to plain words. Each judgement is a pure function of one step's facts; `code` is stable, for the console has
 * its own words for it in each language, and the English here is what the command line prints.
 */
export type Finding = Omit<DoctorFinding, "tookMs">;
type Step = DoctorFinding["step"];
type Result = DoctorFinding["result"];

interface Words {
  readonly code: string;
  readonly what: string;
  readonly change?: string;
  readonly field?: string;
  readonly evidence?: string;
}

const found = (step: Step, result: Result, words: Words): Finding => ({
  change: "",
  field: "",
  evidence: "",
  ...words,
  step,
  result,
});

export const skipped = (step: Step, code: string, what: string): Finding => found(step, "skipped", { code, what });

// ---- resolve

export interface ResolveFacts {
  readonly host: string;
  readonly peer: number;
  readonly addresses: readonly string[];
  /** Empty: none. */
  readonly problem: string;
}

export function judgeResolve({ host, peer, addresses, problem }: ResolveFacts): Finding {
  if (addresses.length > 0) {
    return found("resolve", "passed", { code: "resolved", what: `${host} is ${addresses.join(", ")}` });
  }
  return found("resolve", "failed", {
    code: "host-unknown",
    what: `the name ${host} leads to no address`,
    change: "enter the PBX's address in place of its name, or have the name entered in the DNS that this machine asks",
    field: `peers.${peer}.host`,
    evidence: problem,
  });
}

// ---- transport

export interface TransportFacts {
  readonly place: string;
  readonly peer: number;
  readonly transport: "udp" | "tcp" | "tls";
  readonly outcome: "connected" | "refused" | "silent" | "unreachable" | "datagrams";
}

export function judgeTransport({ place, peer, transport, outcome }: TransportFacts): Finding {
  const field = `peers.${peer}.port`;
  switch (outcome) {
    case "connected":
      return found("transport", "passed", {
        code: "connected",
        what: `${place} takes ${transport.toUpperCase()} connections`,
      });
    case "datagrams":
      return skipped(
        "transport",
        "datagrams",
        "UDP has no connection to try: the OPTIONS below shows whether it answers",
      );
    case "refused":
      return found("transport", "failed", {
        code: "connection-refused",
        what: `nobody listens on ${place} for ${transport.toUpperCase()}`,
        change: "compare port and transport with the PBX's own page of its SIP listener",
        field,
      });
    case "silent":
      return found("transport", "failed", {
        code: "connection-silent",
        what: `${place} does not answer at all`,
        change:
          "a firewall between here and the PBX drops the packets, or the address is wrong: ask for this port to be opened",
        field: `peers.${peer}.host`,
      });
    case "unreachable":
      return found("transport", "failed", {
        code: "network-unreachable",
        what: `there is no way from this machine to ${place}`,
        change: "look at this machine's routes and at the address of the peer",
        field: `peers.${peer}.host`,
      });
  }
}

// ---- TLS

export interface TlsFacts {
  readonly peer: number;
  /** Null: the handshake failed, see `problem`. */
  readonly certificate: {
    readonly subject: string;
    readonly issuer: string;
    readonly names: readonly string[];
    readonly validFrom: number;
    readonly validTo: number;
  } | null;
  readonly protocol: string;
  /** OpenSSL's word for what it does not trust; empty: nothing. */
  readonly untrusted: string;
  readonly nameFits: boolean;
  readonly wantedName: string;
  readonly problem: string;
  readonly now: number;
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

export function judgeTls(facts: TlsFacts): readonly Finding[] {
  const { certificate, now, peer } = facts;
  if (certificate === null) {
    const wantsOurs = /certificate required|handshake failure|alert.*(40|116)/i.test(facts.problem);
    return [
      found("tls", "failed", {
        code: wantsOurs ? "tls-client-certificate" : "tls-handshake",
        what: wantsOurs
          ? "the PBX ended the handshake: it probably wants a certificate of ours"
          : "no TLS connection came about",
        change: wantsOurs
          ? "give sip.tlsCertPath a certificate whose CA the PBX knows, or switch mutual TLS off there"
          : "compare the TLS version (1.2 or newer) and the port with the PBX's",
        field: `peers.${peer}.port`,
        evidence: facts.problem,
      }),
    ];
  }
  const evidence = `${certificate.subject}, issued by ${certificate.issuer}, ${day(certificate.validFrom)} to ${day(certificate.validTo)}`;
  const findings: Finding[] = [];
  if (certificate.validTo < now) {
    findings.push(
      found("tls", "failed", {
        code: "certificate-expired",
        what: `the PBX's certificate expired on ${day(certificate.validTo)}`,
        change: "have the certificate renewed on the PBX; until then no TLS call can be made safely",
        evidence,
      }),
    );
  } else if (certificate.validFrom > now) {
    findings.push(
      found("tls", "failed", {
        code: "certificate-not-yet-valid",
        what: `the PBX's certificate begins on ${day(certificate.validFrom)}`,
        change: "compare the clocks of this machine and of the PBX: one of them is wrong",
        evidence,
      }),
    );
  } else if (certificate.validTo < now + SOON_DAYS * DAY_MS) {
    const days = Math.floor((certificate.validTo - now) / DAY_MS);
    findings.push(
      found("tls", "warning", {
        code: "certificate-expires-soon",
        what: `the PBX's certificate expires in ${days} days`,
        change: "have it renewed on the PBX before then",
        evidence,
      }),
    );
  }
  const expiry = /EXPIRED|NOT_YET_VALID/.test(facts.untrusted);
  if (facts.untrusted !== "" && !expiry) {
    findings.push(
      found("tls", "failed", {
        code: "certificate-untrusted",
        what: "nobody whom we trust vouches for the PBX's certificate",
        change: "paste the CA's certificate (or the PBX's own) into the trunk's TLS section",
        field: "tls.caPem",
        evidence: `${facts.untrusted}; ${evidence}`,
      }),
    );
  }
  if (!facts.nameFits) {
    findings.push(
      found("tls", "failed", {
        code: "certificate-name",
        what: `the certificate is not for ${facts.wantedName}`,
        change: `enter a name that it has (${certificate.names.slice(0, 5).join(", ") || "it has none"}) as the server name`,
        field: "tls.serverName",
        evidence,
      }),
    );
  }
  return findings.length > 0
    ? findings
    : [found("tls", "passed", { code: "certificate-good", what: `${facts.protocol}, a good certificate`, evidence })];
}

// ---- OPTIONS

export interface OptionsFacts {
  /** 0: no answer. */
  readonly status: number;
  readonly line: string;
  readonly roundTripMs: number;
  readonly transport: string;
  /** Whether a connection to it came about (TCP, TLS). */
  readonly connected: boolean;
}

export function judgeOptions({ status, line, roundTripMs, transport, connected }: OptionsFacts): Finding {
  if (status === 0) {
    return found("options", "failed", {
      code: "options-no-answer",
      what: connected ? "the PBX takes our connection but does not answer OPTIONS" : "the PBX does not answer OPTIONS",
      change:
        transport === "udp"
          ? "is the address and port right, does a firewall drop UDP, and does the PBX list our address as a trunk? Many PBXs are silent to strangers"
          : "does the PBX list our address as a trunk? Many PBXs are silent to strangers",
      field: "peers",
    });
  }
  if (status >= 500) {
    return found("options", "failed", {
      code: "options-server-error",
      what: `the PBX answers OPTIONS with ${status}: it is there, but takes no calls now`,
      change: "look at the PBX: it is starting, overloaded, or the trunk is out of service there",
      evidence: line,
    });
  }
  return found("options", "passed", {
    code: "options-answered",
    what: `the PBX answers within ${Math.round(roundTripMs)} ms`,
    evidence: line,
  });
}

// ---- registration

/** A request that may be challenged, as it went. */
export interface AnsweredFacts {
  /** Last final response; 0: none. */
  readonly status: number;
  readonly line: string;
  /** Whether a 401 or 407 came first, and the realm that it named. */
  readonly challenged: boolean;
  readonly realm: string;
  /** Q.850 and text of a Reason header, and text of a Warning header. */
  readonly reason: string;
  readonly required: string;
}

export function judgeRegistration(trunk: TrunkInput, facts: AnsweredFacts): Finding {
  const common = shared("registration", trunk, facts);
  if (common !== null) return common;
  const { status, line } = facts;
  if (status >= 200 && status < 300) {
    return found("registration", "passed", {
      code: "registered",
      what: "the PBX takes our registration",
      evidence: line,
    });
  }
  if (status === 423) {
    return found("registration", "failed", {
      code: "registration-too-brief",
      what: "the PBX wants a longer registration",
      change: "raise the expiry to what the PBX's Min-Expires says",
      field: "account.expiresSeconds",
      evidence: line,
    });
  }
  return found("registration", "failed", {
    code: "registration-refused",
    what: `the PBX refuses our registration with ${status}`,
    change: "is there an account of this name on the PBX, and may it register from our address?",
    field: "account.username",
    evidence: line,
  });
}

/** What registration and calls have in common; null: none of it. */
function shared(step: "registration" | "call", trunk: TrunkInput, facts: AnsweredFacts): Finding | null {
  const { status, line, challenged, realm } = facts;
  const evidence = realm === "" ? line : `${line} (realm "${realm}")`;
  if (status === 0 || status === 408) {
    return found(step, "failed", {
      code: "no-answer",
      what: `the PBX does not answer our ${step === "call" ? "INVITE" : "REGISTER"}`,
      change: "it is silent to requests that it does not know: check our address in its list of trunks",
      field: "peers",
      evidence,
    });
  }
  if ((status === 401 || status === 407) && trunk.account.password === "") {
    return found(step, "failed", {
      code: "password-missing",
      what: "the PBX asks for a password and the trunk has none",
      change: "enter the user name and password of the account on the PBX",
      field: "account.password",
      evidence,
    });
  }
  if (status === 401 || status === 407 || (status === 403 && challenged)) {
    return found(step, "failed", {
      code: "password-wrong",
      what: "the PBX does not accept our user name and password",
      change:
        "enter the account's password as it is on the PBX (and its authentication name, if the PBX has one besides the user name)",
      field: "account.password",
      evidence,
    });
  }
  if (status === 404 && (step === "registration" || trunk.account.domain !== "")) {
    return found(step, "failed", {
      code: "domain-wrong",
      what: `the PBX is not at home in the domain ${trunk.account.domain || trunk.peers[0]?.host || ""}`,
      change:
        realm === ""
          ? "enter the SIP domain that the PBX uses for its users"
          : `enter the SIP domain that the PBX uses for its users; its realm is "${realm}"`,
      field: "account.domain",
      evidence,
    });
  }
  if (status === 403) {
    return found(step, "failed", {
      code: "forbidden",
      what: "the PBX refuses us without asking for a password",
      change: "add our address to the PBX's list of trunks, or allow this domain and number there",
      field: trunk.account.domain === "" ? "peers" : "account.domain",
      evidence,
    });
  }
  if (status === 421) {
    const isPrack = /100rel/i.test(facts.required);
    return found(step === "call" && isPrack ? "prack" : step, "failed", {
      code: isPrack ? "prack-required" : "extension-required",
      what: isPrack
        ? "the PBX insists on PRACK (100rel) and the trunk has it switched off"
        : `the PBX insists on ${facts.required}`,
      change: isPrack
        ? "set PRACK to supported in the trunk's session section, or switch it off on the PBX (CUCM: SIP profile, Rel1XX Options)"
        : "switch this requirement off in the PBX's SIP profile",
      field: isPrack ? "session.prack" : "session",
      evidence,
    });
  }
  return null;
}

// ---- call

export interface CallFacts extends AnsweredFacts {
  readonly setupMs: number;
  readonly offeredCodecs: readonly string[];
  /** Codecs that a second call with all that we know was answered with; empty: it was not tried or failed as well. */
  readonly wouldTake: readonly string[];
}

export function judgeCall(trunk: TrunkInput, facts: CallFacts): Finding {
  const { status, line, reason } = facts;
  const evidence = [line, reason].filter(Boolean).join("; ");
  if (status >= 200 && status < 300) {
    return found("call", "passed", {
      code: "call-answered",
      what: `the call was answered after ${Math.round(facts.setupMs)} ms`,
      evidence,
    });
  }
  const common = shared("call", trunk, facts);
  if (common !== null) return common;
  switch (status) {
    case 404:
    case 484:
    case 604:
      return found("call", "failed", {
        code: "number-unknown",
        what: "the PBX does not know the number that was dialled",
        change:
          "try another test number, or compare the outbound number rules with what the PBX expects (prefix, + or national)",
        field: "numbering.outbound",
        evidence,
      });
    case 415:
    case 488:
    case 606:
      return found("codec", "failed", {
        code: facts.wouldTake.length > 0 ? "codec-other" : "codec-none-in-common",
        what: `the PBX takes none of ${facts.offeredCodecs.join(", ")}`,
        change:
          facts.wouldTake.length > 0
            ? `add ${facts.wouldTake.join(", ")} to the trunk's codecs: the PBX takes it`
            : "allow G.711 A-law on the PBX's trunk (its region, codec preference or media resource decides); SRTP set to require on one side only gives the same answer",
        field: "codecs",
        evidence,
      });
    case 422:
      return found("timers", "failed", {
        code: "session-interval-small",
        what: "the PBX wants a longer session interval",
        change: "raise Session-Expires to what its Min-SE says",
        field: "session.expiresSeconds",
        evidence,
      });
    case 480:
    case 486:
    case 600:
      return found("call", "warning", {
        code: "callee-busy",
        what: "the number that was dialled is busy or switched off",
        change: "try again, or name another test number",
        evidence,
      });
    case 503:
      return found("call", "failed", {
        code: "congestion",
        what: "the PBX has no free line for this trunk",
        change: "look at the trunk's channel limit on the PBX",
        field: "limits.maxOutbound",
        evidence,
      });
    default:
      return found("call", "failed", {
        code: "call-refused",
        what: `the PBX refuses the call with ${status}`,
        change: "the PBX's own trace of this call names its reason",
        evidence,
      });
  }
}

// ---- codec, PRACK, timers of an answered call

export interface AgreedFacts {
  readonly codec: string;
  readonly wished: string;
  readonly srtp: boolean;
  readonly srtpWanted: "off" | "allow" | "require";
  /** Whether the PBX named 100rel as supported, and how many of its provisional responses were reliable. */
  readonly supports100rel: boolean;
  readonly reliable: number;
  /** `Session-Expires` of its answer; 0: none. */
  readonly sessionExpires: number;
}

export function judgeCodec({ codec, wished, srtp, srtpWanted }: AgreedFacts): Finding {
  if (codec !== wished) {
    return found("codec", "warning", {
      code: "codec-not-preferred",
      what: `the PBX chose ${codec} although ${wished} stands first`,
      change: `nothing is wrong; if ${wished} matters, move it to the front on the PBX's trunk as well`,
      field: "codecs",
    });
  }
  if (srtpWanted === "allow" && !srtp) {
    return found("codec", "warning", {
      code: "srtp-not-used",
      what: `${codec}, not encrypted: the PBX did not take SRTP`,
      change: "switch SRTP on for this trunk on the PBX if the audio must be encrypted",
      field: "media.srtp",
    });
  }
  return found("codec", "passed", { code: "codec-agreed", what: srtp ? `${codec}, encrypted (SRTP)` : codec });
}

export function judgePrack(trunk: TrunkInput, { supports100rel, reliable }: AgreedFacts): Finding {
  if (trunk.session.prack === "off") return skipped("prack", "prack-off", "PRACK is switched off in the trunk");
  if (reliable > 0)
    return found("prack", "passed", { code: "prack-works", what: "a reliable provisional response was confirmed" });
  if (trunk.session.prack === "required" && !supports100rel) {
    return found("prack", "warning", {
      code: "prack-unsupported",
      what: "the trunk requires PRACK and the PBX shows no sign of knowing it",
      change: "set PRACK to supported, or switch Rel1XX on in the PBX's SIP profile",
      field: "session.prack",
    });
  }
  return skipped("prack", "prack-unused", "the PBX sent no provisional response that had to be confirmed");
}

export function judgeTimers(trunk: TrunkInput, { sessionExpires }: AgreedFacts): Finding {
  if (trunk.session.timers === "off")
    return skipped("timers", "timers-off", "session timers are switched off in the trunk");
  if (sessionExpires > 0) {
    return found("timers", "passed", {
      code: "timers-agreed",
      what: `the session is refreshed within ${sessionExpires} s`,
    });
  }
  return found("timers", trunk.session.timers === "require" ? "failed" : "warning", {
    code: "timers-refused",
    what: "the PBX agreed to no session timer: a call whose end gets lost stays up until the media time-out",
    change: "switch session refresh on in the PBX's SIP profile",
    field: "session.timers",
  });
}

// ---- audio

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

// ---- keys

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

// ---- hold

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
