import { performance } from "node:perf_hooks";
import type { DoctorFinding, DoctorReport, DoctorRequest, TrunkInput, TrunkPeer } from "@intramuros/contracts";
import { CODECS } from "@intramuros/contracts";
import type { CallOutcome, DoctorLeg, DoctorLine, PlacedLeg } from "./doctor-line.ts";
import { type Finding, skipped } from "./findings.ts";
import { type AudioFacts, judgeAudio, judgeDtmf, judgeHold } from "./judge-media.ts";
import { judgeOptions, judgeResolve, judgeTls, judgeTransport } from "./judge-reach.ts";
import { judgeCall, judgeCodec, judgePrack, judgeRegistration, judgeTimers } from "./judge-signalling.ts";
import { PROBE_HZ } from "./probe-tone.ts";
import { defaultPort, readCertificate, resolvePeer, tryConnection } from "./reachability-client.ts";

/**
 * Tries a trunk out, from the name of the PBX to its keys, and stops where going on could show nothing new: a peer that cannot be
 * reached is not called. Each finding is told as soon as it is there.
 */
const TONE_MS = 1500;
const LISTEN_MS = 2500;
const DIGIT_GAP_MS = 260;
const SETTLE_MS = 400;

export interface DoctorOptions {
  readonly trunkId: string;
  readonly trunk: TrunkInput;
  readonly request: DoctorRequest;
  readonly line: DoctorLine;
  readonly onProgress: (line: string) => void;
  readonly onFinding: (finding: DoctorFinding) => void;
}

export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { trunk, trunkId } = options;
  const startedAt = Date.now();
  const findings: DoctorFinding[] = [];
  const sipCallIds: string[] = [];
  let since = performance.now();
  const tell = (...found: readonly Finding[]): boolean => {
    const tookMs = Math.round(performance.now() - since);
    since = performance.now();
    for (const finding of found) {
      const whole = { ...finding, tookMs };
      findings.push(whole);
      options.onFinding(whole);
    }
    return found.every(({ result }) => result !== "failed");
  };

  const reachable = await tryPeers(options, tell);
  if (reachable.length > 0 || trunk.mode === "registrar") {
    const first = reachable[0];
    const mayCall = trunk.mode !== "register" || first === undefined || (await tryRegistration(options, first, tell));
    if (mayCall) await tryCall(options, tell, sipCallIds);
  }
  return {
    ...{ trunkId, startedAt, findings, sipCallIds },
    tookMs: Date.now() - startedAt,
    ok: findings.every(({ result }) => result !== "failed"),
  };
}

type Tell = (...found: readonly Finding[]) => boolean;

/** Each peer from its name to OPTIONS; those that answer. */
async function tryPeers({ trunk, line, onProgress }: DoctorOptions, tell: Tell): Promise<readonly TrunkPeer[]> {
  if (trunk.peers.length === 0) {
    tell(skipped("resolve", "no-peers", "the trunk names no peer: it only takes calls"));
    return [];
  }
  const good: TrunkPeer[] = [];
  for (const [index, peer] of trunk.peers.entries()) {
    onProgress(`peer ${peer.host}:${defaultPort(peer)}`);
    const { facts, place } = await resolvePeer(peer, index);
    if (!tell(judgeResolve(facts)) || place === null) continue;
    if (!tell(judgeTransport(await tryConnection(peer, index, place)))) continue;
    if (peer.transport === "tls" && !tell(...judgeTls(await readCertificate(trunk, peer, index, place)))) continue;
    if (tell(judgeOptions(await line.options(peer)))) good.push(peer);
  }
  return good;
}

async function tryRegistration(
  { trunk, line, onProgress }: DoctorOptions,
  peer: TrunkPeer,
  tell: Tell,
): Promise<boolean> {
  onProgress(`registration as ${trunk.account.username}`);
  return tell(judgeRegistration(trunk, await line.register(peer)));
}

async function tryCall(options: DoctorOptions, tell: Tell, sipCallIds: string[]): Promise<void> {
  const { trunk, request, line, onProgress } = options;
  const number = request.loopNumber || request.echoNumber || request.otherNumber;
  if (number === "") {
    tell(skipped("call", "no-number", "no number to call was given: audio, keys and hold were not tried"));
    return;
  }
  const via = request.loopNumber !== "" ? "loop" : request.echoNumber !== "" ? "echo" : "anything";
  onProgress(`call to ${via === "loop" ? "ourselves" : "the PBX"}`);
  const expected = via === "loop" ? line.expect(number) : null;
  const outcome = await line.call(number, { codecs: trunk.codecs });
  sipCallIds.push(outcome.sipCallId);
  const { leg } = outcome;
  if (leg === null) {
    expected?.cancel();
    const wouldTake = await otherCodecs(options, outcome, number, sipCallIds);
    tell(judgeCall(trunk, { ...outcome.answer, setupMs: outcome.setupMs, offeredCodecs: trunk.codecs, wouldTake }));
    return;
  }
  tell(judgeCall(trunk, { ...outcome.answer, setupMs: outcome.setupMs, offeredCodecs: trunk.codecs, wouldTake: [] }));
  const far = expected === null ? null : await expected.leg;
  if (far !== null) sipCallIds.push(far.sipCallId);
  try {
    if (via === "loop" && far === null) {
      tell(skipped("audio", "loop-not-back", "the call was answered by somebody else: it did not come back to us"));
    }
    await examine(options, { leg, far, via: via === "loop" && far === null ? "anything" : via }, tell);
  } finally {
    await leg.hangUp();
    await far?.hangUp();
  }
}

/** After a refusal for want of a codec: what it would take. */
async function otherCodecs(
  { trunk, line }: DoctorOptions,
  { answer }: CallOutcome,
  number: string,
  sipCallIds: string[],
): Promise<readonly string[]> {
  const others = CODECS.filter((codec) => !trunk.codecs.includes(codec));
  if (![415, 488, 606].includes(answer.status) || others.length === 0) return [];
  const second = await line.call(number, { codecs: others });
  sipCallIds.push(second.sipCallId);
  if (second.leg === null) return [];
  await second.leg.hangUp();
  return [second.leg.agreed.codec];
}

interface Ends {
  readonly leg: PlacedLeg;
  /** The other end of a loop. */
  readonly far: DoctorLeg | null;
  readonly via: AudioFacts["via"];
}

async function examine({ trunk, request, onProgress }: DoctorOptions, ends: Ends, tell: Tell): Promise<void> {
  const { leg, far, via } = ends;
  tell(judgeCodec(leg.agreed));
  tell(judgePrack(trunk, leg.agreed));
  tell(judgeTimers(trunk, leg.agreed));

  onProgress("audio");
  await pause(SETTLE_MS);
  leg.sendTone(PROBE_HZ.there, TONE_MS);
  far?.sendTone(PROBE_HZ.back, TONE_MS);
  await pause(LISTEN_MS);
  const counts = leg.counts();
  const { sdp, signalling, ours, oursIsLocal } = leg.addresses;
  const hears = tell(
    judgeAudio({
      ...counts,
      via,
      probeHeard: (far ?? leg).hasHeard(PROBE_HZ.there),
      returnHeard: leg.hasHeard(PROBE_HZ.back),
      ...{ sdpAddress: sdp, signallingAddress: signalling, ourAddress: ours, ourAddressIsLocal: oursIsLocal },
    }),
  );

  onProgress("keys");
  const canReturn = hears && via !== "anything";
  if (leg.dtmfNegotiated && canReturn) {
    for (const digit of request.digits) {
      leg.sendDigit(digit);
      await pause(DIGIT_GAP_MS);
    }
    await pause(SETTLE_MS);
  }
  tell(
    judgeDtmf({
      via: canReturn ? via : "anything",
      mode: trunk.dtmf,
      negotiated: leg.dtmfNegotiated,
      sent: request.digits,
      returned: (far ?? leg).digits(),
    }),
  );

  onProgress("hold and resume");
  const holdStatus = await leg.hold(true);
  await pause(SETTLE_MS);
  const resumeStatus = holdStatus === 200 ? await leg.hold(false) : 0;
  const before = leg.counts().received;
  leg.sendTone(PROBE_HZ.there, 800);
  await pause(1000);
  const packetsAfterResume = leg.counts().received - before;
  tell(judgeHold({ holdStatus, resumeStatus, packetsBefore: counts.received, packetsAfterResume }));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
