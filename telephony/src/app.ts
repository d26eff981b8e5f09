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
import { runCommissioning } from "./call/commissioning-driver.ts";
import { type EventBody, openEventLog } from "./call/event-log-store.ts";
import { createInbound } from "./call/inbound-driver.ts";
import { openInferenceLink } from "./call/inference-link-client.ts";
import { readMasterKey } from "./call/master-key-store.ts";
import { openPromptStore } from "./call/prompt-store.ts";
import { promptsOf } from "./call/prompts.ts";
import { openRecordingStore } from "./call/recording-store.ts";
import { openRegistrar } from "./call/registrar-driver.ts";
import { openSetupStore } from "./call/setup-store.ts";
import { openSip } from "./call/sip-driver.ts";
import { openHealthServer } from "./health-server.ts";
import { createRtpPortPool } from "./rtp/rtp-endpoint-driver.ts";
import { type Directory, directoryOf } from "./trunk/identify.ts";
import { readSetup, type SetupMessage } from "./trunk/set-up.ts";

export interface TelephonyProcess {
  status(): StatusInit;
  close(): Promise<void>;
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
  const pool = createRtpPortPool({ min: config.telephony.rtpPortMin, max: config.telephony.rtpPortMax });

  let directory: Directory | null = null;
  let setupFault: string | null = null;
  let emit = (body: EventBody): void => void eventLog.append({ atMs: Date.now(), ...body });
  const emitNow = (body: EventBody): void => emit(body);

  for (const orphan of eventLog.orphans) {
    const durationMs = orphan.answeredAt === null ? 0 : Math.max(0, Date.now() - orphan.answeredAt);
    emit({ callId: orphan.callId, ended: { side: "us", reason: "telephony restarted", q850: 41, durationMs } });
  }

  const accounts = createAccounts(() => directory);
  const registrar = openRegistrar({ file: path.join(folder, "registrations.json"), accounts, log, emit: emitNow });
  const sip = openSip({
    config: config.sip,
    secret,
    log,
    onInvite: (request, response) => inbound.invite(request, response),
    onRegister: (request, response) => registrar.register(request, response),
    onLost: () => {
      for (const call of inbound.calls.values()) call.sipLost();
    },
  });
  const inbound = createInbound({
    config: config.telephony,
    site: config.telephony,
    sip: sip.agent,
    pool,
    link,
    prompts,
    recordings: openRecordingStore(root, masterKeyHex),
    log,
    emit: emitNow,
    tell: (body) => control.tell(body),
    isAttached: () => control.isAttached,
    contactsOf: registrar.contactsOf,
    directory: () => directory,
    accounts,
    eventLog,
  });
  const useSetup = (setup: SetupMessage): void => {
    directory = directoryOf(setup);
    registrar.keep(setup);
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
    commission: (request, onProgress) => runCommissioning(home, request, onProgress),
  });
  emit = (body) => {
    eventLog.append({ atMs: Date.now(), ...body });
    control.wake();
  };
  control.wake();
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
  log.info({ setup: directory !== null, orphans: eventLog.orphans.length }, "telephony open");

  return {
    status,
    async close() {
      await health.close();
      await inbound.close();
      sip.close();
      registrar.close();
      await control.close();
      await prompts.close();
      link.close();
      eventLog.close();
    },
  };
}
