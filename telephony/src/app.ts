import path from "node:path";
import { performance } from "node:perf_hooks";
import {
  type Home,
  inferenceAddress,
  type Logger,
  readSecret,
  sipControlSecretPath,
  telephonyAddress,
} from "@intramuros/contracts";
import { createAccounts } from "./call/accounts-driver.ts";
import { openCallControl, type StatusInit } from "./call/call-control-server.ts";
import { openCallJournal } from "./call/call-journal-store.ts";
import { openCallMedia } from "./call/call-media-store.ts";
import { runCommissioning } from "./call/commissioning-driver.ts";
import { type EventBody, openEventLog } from "./call/event-log-store.ts";
import { createInbound } from "./call/inbound-driver.ts";
import { openInferenceLink } from "./call/inference-link-client.ts";
import { readMasterKey } from "./call/master-key-store.ts";
import { openPromptStore } from "./call/prompt-store.ts";
import { promptsOf } from "./call/prompts.ts";
import { openRecordingStore } from "./call/recording-store.ts";
import { openRegistrar } from "./call/registrar-driver.ts";
import { prepareCalls } from "./call/resume-driver.ts";
import { openSetupStore } from "./call/setup-store.ts";
import { openSip } from "./call/sip-driver.ts";
import { createTlsPeersStore } from "./call/tls-peers-store.ts";
import { openStatisticsStore } from "./call/trunk-statistics-store.ts";
import { createTrunks, type Trunks } from "./call/trunks-driver.ts";
import { openHealthServer } from "./health-server.ts";
import { openRtcpExport } from "./hep/rtcp-export-driver.ts";
import { createRtpPortPool } from "./rtp/rtp-endpoint-driver.ts";
import { createDoctorHandler } from "./trunk/doctor/doctor-server.ts";
import { createLoopClaims } from "./trunk/doctor/loop-claims-driver.ts";
import { type Directory, directoryOf } from "./trunk/identify.ts";
import { readSetup, type SetupMessage } from "./trunk/set-up.ts";

export interface TelephonyProcess {
  status(): StatusInit;
  /** `leave`: calls are not ended, for the next process goes on with them. */
  close(how?: { readonly leave: boolean }): Promise<void>;
}

/** Starts the process `telephony`; its neighbours may come and go. */
export async function startTelephony(options: {
  readonly home: Home;
  readonly log: Logger;
}): Promise<TelephonyProcess> {
  const { home, log } = options;
  const { root, config } = home;
  const masterKeyHex = readMasterKey(root);
  const secret = readSecret(sipControlSecretPath(root));
  const folder = path.join(root, "telephony");
  const eventLog = openEventLog({ file: path.join(folder, "events.log"), masterKeyHex, log });
  const setups = openSetupStore({ file: path.join(folder, "setup.json"), masterKeyHex, log });
  const link = openInferenceLink(inferenceAddress(root));
  const prompts = openPromptStore({ folder: path.join(folder, "prompts"), link, log });
  const rtcpExport = openRtcpExport(config.sip.hep, log);
  const callMedia = openCallMedia(config.telephony.mediaPackets, rtcpExport?.report);
  const pool = createRtpPortPool({ min: config.telephony.rtpPortMin, max: config.telephony.rtpPortMax });

  let directory: Directory | null = null;
  let setupFault: string | null = null;
  let emit = (body: EventBody): void => void eventLog.append({ atMs: Date.now(), ...body });
  const emitNow = (body: EventBody): void => emit(body);
  /** Until the appliance can attach there is nobody to tell. */
  let tell = (_body: EventBody): void => undefined;
  let isAttached = (): boolean => false;

  const accounts = createAccounts(() => directory);
  let trunks: Trunks | null = null;
  const registrar = openRegistrar({
    ...{ file: path.join(folder, "registrations.json"), trunkFile: path.join(folder, "trunk-registrations.json") },
    ...{ accounts, log, emit: emitNow, onTrunk: (trunkId) => trunks?.registrationChanged(trunkId) },
  });
  const sip = openSip({
    config: config.sip,
    secret,
    log,
    onInvite: (request, response) => inbound.invite(request, response),
    onRegister: (request, response) => registrar.register(request, response),
    onLost: () => {
      for (const call of inbound.calls.values()) call.sipLost();
    },
    onBack: (dialogIds) => {
      for (const call of inbound.calls.values()) call.sipBack(dialogIds);
      trunks?.sipBack();
    },
  });
  const tlsPeers = createTlsPeersStore(path.join(folder, "tls-peers.json"), log);
  const working = createTrunks({
    ...{ sip, masterKeyHex, log, contactsOf: registrar.trunkContactsOf },
    statistics: openStatisticsStore(path.join(folder, "trunk-statistics.json"), log),
    onState: (trunkState) => tell({ trunkState }),
  });
  trunks = working;
  const loops = createLoopClaims();
  const inbound = createInbound({
    ...{ trunks: working, loops },
    config: config.telephony,
    site: config.telephony,
    sip: sip.agent,
    pool,
    callMedia,
    link,
    prompts,
    recordings: openRecordingStore(root, masterKeyHex),
    log,
    emit: emitNow,
    tell: (body) => tell(body),
    isAttached: () => isAttached(),
    contactsOf: registrar.contactsOf,
    directory: () => directory,
    accounts,
    eventLog,
    keep: (callId) => journal.touch(callId),
  });
  const journal = openCallJournal({
    ...{ file: path.join(folder, "calls.journal"), masterKeyHex, log },
    current: (callId) => inbound.calls.get(callId)?.kept() ?? null,
    callIds: () => inbound.calls.keys(),
  });
  const useSetup = (setup: SetupMessage): void => {
    directory = directoryOf(setup);
    registrar.keep(setup);
    tlsPeers.write(setup.trunks);
    working.use(setup);
    prompts.warm(promptsOf(setup));
  };
  const problem = (): string => {
    if (directory === null) return setupFault ?? "no set-up was received from the appliance yet: calls are refused";
    if (setupFault !== null) return `the latest set-up was not taken: ${setupFault}`;
    if (!sip.isConnected) return sip.problem;
    if (eventLog.isFull) return "too many events wait for the appliance, or the disk is full: new calls are refused";
    if (!link.isUp()) return "inference is not to be reached: callers get the keypad menu";
    return "";
  };
  const status = (): StatusInit => ({
    sipConnected: sip.isConnected,
    sipAddresses: [...sip.addresses],
    speechAvailable: link.isUp(),
    synthesisAvailable: link.isUp(),
    calls: inbound.calls.size,
    maxCalls: config.telephony.maxCalls,
    callsTotal: inbound.total,
    refusedTotal: inbound.refused,
    setupRevision: directory?.setup.revision ?? 0,
    phones: registrar.phones().map((phone) => ({ ...phone, registered: true })),
    problem: problem(),
    unacknowledgedEvents: eventLog.unacknowledged,
  });
  const kept = setups.current();
  if (kept !== null) useSetup(kept);
  const resuming = await prepareCalls({ journal, inbound, setup: kept, log });
  for (const orphan of eventLog.orphans) {
    if (resuming.callIds.has(orphan.callId)) continue;
    const durationMs = orphan.answeredAt === null ? 0 : Math.max(0, Date.now() - orphan.answeredAt);
    emit({ callId: orphan.callId, ended: { side: "us", reason: "telephony restarted", q850: 41, durationMs } });
  }
  const control = await openCallControl({
    address: telephonyAddress(root),
    eventLog,
    log,
    calls: () => inbound.calls,
    onSetup: (setup) => {
      const read = readSetup(setup);
      setupFault = "problem" in read ? read.problem : null;
      if ("problem" in read) {
        log.error({ problem: setupFault }, "the set-up was not taken; the one before stays");
        return;
      }
      useSetup(read);
      setups.replace(read);
    },
    onAttached: (on) => {
      for (const call of inbound.calls.values()) call.attached(on);
    },
    status,
    trunkStatus: (trunkId) => working.status(trunkId),
    callMedia,
    commission: (request, onProgress) => runCommissioning(home, request, onProgress),
    doctor: createDoctorHandler({
      ...{ trunks: working, trunk: working.trunk, pool, log, claim: loops.claim },
      publicAddress: config.telephony.publicAddress,
    }),
  });
  emit = (body) => {
    eventLog.append({ atMs: Date.now(), ...body });
    control.wake();
  };
  tell = (body) => control.tell(body);
  isAttached = () => control.isAttached;
  control.wake();
  sip.connect();
  resuming.goOn();
  const startedAt = performance.now();
  const health = await openHealthServer("telephony", config.telephony.healthPort, {
    readiness: () => ({ ready: true, problems: [problem()].filter(Boolean) }),
    figures: () => ({
      ...status(),
      phones: registrar.phones().length,
      missingPrompts: prompts.missing,
      upMs: Math.round(performance.now() - startedAt),
    }),
  });
  const lost = eventLog.orphans.filter(({ callId }) => !resuming.callIds.has(callId)).length;
  log.info({ setup: directory !== null, resumed: resuming.callIds.size, lost }, "telephony open");

  return {
    status,
    async close(how = { leave: false }) {
      await health.close();
      if (how.leave) journal.close();
      else await inbound.close();
      working.close();
      sip.close();
      registrar.close();
      await control.close();
      callMedia.close();
      rtcpExport?.close();
      await prompts.close();
      link.close();
      if (!how.leave) journal.close();
      eventLog.close();
    },
  };
}
