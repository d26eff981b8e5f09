import { type Finding, found, skipped } from "./findings.ts";

/** Whether the PBX can be reached at all: its name, its port, its certificate, its answer to OPTIONS. */
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
