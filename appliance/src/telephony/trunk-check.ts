import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { NumberRule, TrunkPeer } from "@intramuros/contracts";
import { parseCidr, sameRange } from "./cidr.ts";
import type { SetupRecords, StoredTrunk } from "./setup.ts";
import { duplicate, fault, firstFault, others, type SetupFault } from "./setup-fault.ts";

/** Fewest ports that a trunk's own range may have: audio and RTCP of ten calls. */
const RTP_PORTS_MIN = 20;
/** Answers that say something about the call itself: the next peer would say the same. */
const NEVER_HUNTED = new Map([
  [401, "a challenge is answered with the account, not by another peer"],
  [407, "a challenge is answered with the account, not by another peer"],
  [487, "the caller has given up"],
]);

/** What is wrong with a trunk's form, the first fault by field; `records` are all the others and its own former self. */
export function checkTrunk(records: SetupRecords, trunk: StoredTrunk): SetupFault | null {
  return firstFault(
    () =>
      others(records.trunks, trunk.id).some((other) => other.name === trunk.name)
        ? duplicate("name", trunk.name)
        : null,
    () => checkMode(trunk),
    () => checkAddresses(records, trunk),
    () => checkPeers(trunk),
    () => checkUsername(records, trunk),
    () => checkAccount(trunk),
    () => checkNames(trunk),
    () => checkTls(trunk),
    () => checkMedia(trunk),
    () => checkSession(trunk),
    () => checkNumbering(trunk),
  );
}

/** Each mode needs something to know the PBX by. */
function checkMode(trunk: StoredTrunk): SetupFault | null {
  const { mode, addresses, peers, username, password, account } = trunk;
  if (mode === "peer" && addresses.length === 0 && peers.length === 0 && username === "") {
    return fault(
      "peers",
      "trunk-unidentified",
      "the trunk has neither an address nor a user name",
      "give the address of the PBX, or a user name and password for digest authentication",
    );
  }
  if (mode === "register") {
    const why = "in this mode we register with the PBX";
    if (peers.length === 0) return fault("peers", "peer-missing", why, "say where: the address or domain of the PBX");
    if (account.username === "")
      return fault("account.username", "account-missing", why, "enter the user name it gave us");
    if (account.password === "")
      return fault("account.password", "password-missing", why, "enter the password it gave us");
  }
  if (mode === "registrar") {
    const why = "in this mode the PBX registers with us";
    if (username === "") return fault("username", "username-missing", why, "choose the user name that it shows to us");
    if (password === "") return fault("password", "password-missing", why, "set a password, and enter it there");
  }
  if (username !== "" && password === "" && addresses.length === 0 && peers.length === 0) {
    return fault("password", "password-missing", "digest authentication needs a password", "set a password");
  }
  return null;
}

/** Networks may lie within each other, the narrower one wins; the same one twice would leave it open whose the call is. */
function checkAddresses(records: SetupRecords, trunk: StoredTrunk): SetupFault | null {
  const seen: { readonly text: string; readonly range: NonNullable<ReturnType<typeof parseCidr>> }[] = [];
  for (const [index, text] of trunk.addresses.entries()) {
    const field = `addresses.${index}`;
    const range = parseCidr(text);
    if (range === null) {
      return fault(
        field,
        "address-invalid",
        `"${text}" is neither an IP address nor a network`,
        "write an address such as 192.0.2.10 or 2001:db8::10, or a network such as 192.0.2.0/24",
      );
    }
    if (range.prefix === 0) {
      return fault(
        field,
        "address-too-wide",
        "this network holds every address",
        "name the PBX, or use digest authentication",
      );
    }
    const twice = seen.find((known) => sameRange(known.range, range));
    if (twice !== undefined) {
      return fault(field, "duplicate", `${text} is the same as ${twice.text}`, "name each network once");
    }
    seen.push({ text, range });
    const taken = others(records.trunks, trunk.id).find((other) =>
      rangesOf(other).some((known) => sameRange(known, range)),
    );
    if (taken !== undefined) return addressTaken(field, text, taken.name);
  }
  if (trunk.mode !== "peer") return null;
  for (const [index, peer] of trunk.peers.entries()) {
    const range = parseCidr(peer.host);
    if (range === null) continue;
    const taken = others(records.trunks, trunk.id).find((other) =>
      rangesOf(other).some((known) => sameRange(known, range)),
    );
    if (taken !== undefined) return addressTaken(`peers.${index}.host`, peer.host, taken.name);
  }
  return null;
}

/** By what a trunk's callers are known: its networks, and the addresses of its peers where calls come from them unasked. */
const rangesOf = (trunk: StoredTrunk) =>
  [...trunk.addresses, ...(trunk.mode === "peer" ? trunk.peers.map((peer) => peer.host) : [])].map(parseCidr);
const addressTaken = (field: string, text: string, name: string): SetupFault =>
  fault(
    field,
    "address-taken",
    `${text} belongs to the trunk "${name}" already`,
    "a source address leads to one trunk: remove it there first",
  );

function checkPeers(trunk: StoredTrunk): SetupFault | null {
  const seen = new Set<string>();
  for (const [index, peer] of trunk.peers.entries()) {
    if (!isHost(peer.host)) {
      return fault(
        `peers.${index}.host`,
        "host-invalid",
        `"${peer.host}" is neither an address nor a name`,
        "write an address such as 192.0.2.10, or a name such as pbx.bank.example; the port has a field of its own",
      );
    }
    const key = placeOf(peer);
    if (seen.has(key)) {
      return fault(`peers.${index}.host`, "duplicate", `"${peer.host}" is named twice`, "name each peer once");
    }
    seen.add(key);
  }
  return null;
}
const placeOf = (peer: TrunkPeer): string => `${peer.host.toLowerCase()}|${peer.port}|${peer.transport}`;

/** An address, also an IPv6 one in brackets, or a host name (RFC 1123; `_` is met in internal names). */
function isHost(text: string): boolean {
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text;
  if (isIP(bare) !== 0) return true;
  if (/^[0-9.]+$/.test(text)) return false;
  return (
    text.length <= 253 &&
    /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i.test(text)
  );
}

function checkUsername(records: SetupRecords, trunk: StoredTrunk): SetupFault | null {
  if (trunk.username === "") return null;
  const taken =
    others(records.trunks, trunk.id).some((other) => other.username === trunk.username) ||
    records.phones.some((phone) => phone.username === trunk.username);
  return taken ? duplicate("username", trunk.username) : null;
}

const SIP_URI = /^sips?:(?:[^\s@<>"]+@)?(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?((?:;[^\s;<>"]+)*)$/i;

function checkAccount({ account }: StoredTrunk): SetupFault | null {
  if (account.outboundProxy === "") return null;
  const [, host = "", port] = SIP_URI.exec(account.outboundProxy) ?? [];
  if (host !== "" && isHost(host) && (port === undefined || (Number(port) > 0 && Number(port) < 65536))) return null;
  return fault(
    "account.outboundProxy",
    "sip-uri-invalid",
    `"${account.outboundProxy}" is not a SIP URI`,
    "write it such as sip:sbc.bank.example;lr or sip:192.0.2.1:5061;transport=tls;lr",
  );
}

/** Names that are written into SIP messages: a host, or nothing. */
function checkNames(trunk: StoredTrunk): SetupFault | null {
  const hosts: readonly (readonly [field: string, value: string])[] = [
    ["account.domain", trunk.account.domain],
    ["identity.fromDomain", trunk.identity.fromDomain],
    ["tls.serverName", trunk.tls.serverName],
  ];
  for (const [field, value] of hosts) {
    if (value === "" || isHost(value)) continue;
    return fault(
      field,
      "host-invalid",
      `"${value}" is neither an address nor a name`,
      "write a name such as bank.example",
    );
  }
  const users: readonly (readonly [field: string, value: string])[] = [
    ["account.username", trunk.account.username],
    ["account.contactUser", trunk.account.contactUser],
    ["identity.fromUser", trunk.identity.fromUser],
  ];
  for (const [field, value] of users) {
    if (/^[^\s<>"\\]*$/.test(value)) continue;
    return fault(
      field,
      "user-invalid",
      `"${value}" holds characters that a SIP user cannot have`,
      "use letters, digits and + . _ -",
    );
  }
  return null;
}

function checkTls(trunk: StoredTrunk): SetupFault | null {
  const text = trunk.tls.caPem.trim();
  if (text === "") return null;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > 0 && blocks.every(isCertificate)) return null;
  return fault(
    "tls.caPem",
    "pem-invalid",
    blocks.length === 0 ? "there is no certificate in this text" : "a certificate in this text cannot be read",
    "paste the file whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----; keys do not belong here",
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function checkMedia({ media, codecs }: StoredTrunk): SetupFault | null {
  if (new Set(codecs).size !== codecs.length) {
    return fault("codecs", "duplicate", "a codec is named twice", "name each codec once, the preferred one first");
  }
  if (new Set(media.srtpSuites).size !== media.srtpSuites.length) {
    return fault("media.srtpSuites", "duplicate", "a suite is named twice", "name each suite once");
  }
  if (media.natAddress !== "" && isIP(media.natAddress) === 0) {
    return fault(
      "media.natAddress",
      "address-invalid",
      `"${media.natAddress}" is not an IP address`,
      "SDP needs an address: write the one that the PBX reaches us by",
    );
  }
  return checkPorts(media);
}

function checkPorts({ rtpPortMin, rtpPortMax }: StoredTrunk["media"]): SetupFault | null {
  if (rtpPortMin === 0 && rtpPortMax === 0) return null;
  if (rtpPortMin < 1024) {
    return fault(
      "media.rtpPortMin",
      "port-range",
      "ports below 1024 belong to the system",
      "begin at 1024 or above, or leave both 0",
    );
  }
  if (rtpPortMin % 2 !== 0) {
    return fault(
      "media.rtpPortMin",
      "port-odd",
      "audio has an even port, its RTCP the odd one above (RFC 3550 §11)",
      "begin with an even port",
    );
  }
  if (rtpPortMax - rtpPortMin + 1 < RTP_PORTS_MIN) {
    return fault(
      "media.rtpPortMax",
      "port-range",
      `the range has fewer than ${RTP_PORTS_MIN} ports`,
      "a call takes two ports: give at least 20, and four for each call at once",
    );
  }
  return null;
}

function checkSession({ session }: StoredTrunk): SetupFault | null {
  if (session.minSeSeconds > session.expiresSeconds) {
    return fault(
      "session.minSeSeconds",
      "min-se-above",
      "Min-SE is above Session-Expires: every call would be refused with 422 (RFC 4028 §5)",
      "lower Min-SE, or raise Session-Expires",
    );
  }
  for (const [index, code] of session.huntCodes.entries()) {
    const never = NEVER_HUNTED.get(code);
    if (never !== undefined)
      return fault(`session.huntCodes.${index}`, "hunt-code", `${code}: ${never}`, "leave it out");
    if (session.huntCodes.indexOf(code) !== index) {
      return fault(`session.huntCodes.${index}`, "duplicate", `${code} is named twice`, "name each code once");
    }
  }
  return null;
}

function checkNumbering({ numbering }: StoredTrunk): SetupFault | null {
  for (const list of ["inboundCaller", "inboundDialled", "outbound"] as const) {
    for (const [index, rule] of numbering[list].entries()) {
      const found = checkRule(rule, `numbering.${list}.${index}`);
      if (found !== null) return found;
      const first = numbering[list].findIndex((other) => other.pattern.toUpperCase() === rule.pattern.toUpperCase());
      if (first !== index) {
        return fault(
          `numbering.${list}.${index}.pattern`,
          "rule-unreachable",
          `rule ${first + 1} has the same pattern and is applied first`,
          "delete one of the two",
        );
      }
    }
  }
  if (/^[0-9*#+]*$/.test(numbering.techPrefix)) return null;
  return fault(
    "numbering.techPrefix",
    "number-invalid",
    "the prefix holds other characters than digits, *, # and +",
    "write digits",
  );
}

function checkRule(rule: NumberRule, field: string): SetupFault | null {
  if (!/^(?:\+?[0-9X*#]*[0-9X#]\*?|\+?\*)$/i.test(rule.pattern) || /\*./.test(rule.pattern)) {
    return fault(
      `${field}.pattern`,
      "rule-invalid",
      `"${rule.pattern}" is not a pattern`,
      "write digits, + in front, X for any digit and a final * for the rest, e.g. 0755XXXXXXXX or 9*",
    );
  }
  if (!/^[0-9+*#]*$/.test(rule.prepend)) {
    return fault(
      `${field}.prepend`,
      "number-invalid",
      `"${rule.prepend}" is not part of a number`,
      "write digits, + * or #",
    );
  }
  const shortest = rule.pattern.replace(/\*$/, "").length;
  if (rule.strip > shortest) {
    return fault(
      `${field}.strip`,
      "strip-too-long",
      `a number that fits may have ${shortest} characters, and ${rule.strip} are taken off`,
      "take off no more than the pattern names",
    );
  }
  return null;
}
