import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError, type Config, type Logger } from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { auditPlugin } from "./audit/audit-plugin.ts";
import { openAuditLog } from "./audit/level-audit-store.ts";
import { openNightlyCheck } from "./audit/nightly-check-driver.ts";
import { openRooms } from "./conversation/rooms-driver.ts";
import { openAssistant } from "./dialogue/assistant-driver.ts";
import { emotionPolicyPlugin } from "./emotion/emotion-policy-plugin.ts";
import { openEmotionPolicy } from "./emotion/emotion-policy-store.ts";
import type { DeclaredRoute } from "./http/access-plugin.ts";
import { buildServer } from "./http/app-server.ts";
import { installConsole } from "./http/console-plugin.ts";
import { authenticator, identityPlugin } from "./identity/identity-plugin.ts";
import { openIdentityStore } from "./identity/identity-store.ts";
import { openPasswords } from "./identity/password-driver.ts";
import { knowledgePlugin } from "./knowledge/knowledge-plugin.ts";
import { openKnowledge, seedKnowledge } from "./knowledge/knowledge-store.ts";
import { liveHub } from "./live/live-hub-driver.ts";
import { livePlugin } from "./live/live-plugin.ts";
import { openLevelStore } from "./storage/level-store.ts";
import { watchProcesses } from "./system/process-watch-driver.ts";
import { consoleUrl, openSystem } from "./system/system-driver.ts";
import { systemPlugin } from "./system/system-plugin.ts";

const here = path.dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(path.join(here, "../package.json"), "utf8")) as { version: string };
const CONSOLE_FOLDER = path.join(here, "../../admin-ui/dist");
const SWEEP_EVERY_MS = 3_600_000;

export interface Appliance {
  readonly address: string;
  readonly routes: readonly DeclaredRoute[];
  close(): Promise<void>;
}

export interface ApplianceOptions {
  readonly root: string;
  readonly config: Config;
  readonly log: Logger;
  /** Told once when store or audit log can be written no more; `main.ts` ends the process so that the supervisor starts it anew. */
  readonly onFault?: (fault: AppError) => void;
  readonly consoleFolder?: string;
  readonly now?: () => number;
}

/** Opens everything in order and closes it in reverse. What opened before a failure is closed again. */
export async function startAppliance(options: ApplianceOptions): Promise<Appliance> {
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const opened = await openAll(options, (close) => closers.push(close));
    return { ...opened, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function openAll(
  options: ApplianceOptions,
  closing: (close: () => Promise<void> | void) => void,
): Promise<Omit<Appliance, "close">> {
  const { root, config, log } = options;
  const now = options.now ?? Date.now;
  const onFault = (fault: AppError): void => {
    log.fatal({ code: fault.code, err: fault }, "nothing can be written any more");
    options.onFault?.(fault);
  };

  const store = await openLevelStore({ root, onFault });
  closing(() => store.close());
  const hub = liveHub((error) => log.error({ err: error }, "a live view failed"));
  const audit = await openAuditLog({ root, version, now, onFault, onGrown: () => auditGrew() });
  closing(() => audit.close());
  const auditGrew = atMostOncePerSecond(() => hub.publish({ type: "changed", what: "audit" }));

  const identity = await openIdentityStore({ store, root });
  const passwords = await openPasswords();
  const sweeping = setInterval(() => {
    identity.sweep(now()).catch((error: unknown) => log.warn({ err: error }, "old sessions could not be swept"));
  }, SWEEP_EVERY_MS);
  sweeping.unref();
  closing(() => clearInterval(sweeping));

  await seedKnowledge({ store, now });
  const knowledge = await openKnowledge({ store, now });
  const policy = await openEmotionPolicy({ store });
  const assistant = openAssistant({ knowledge, policy });
  const rooms = await openRooms({ root, config, store, audit, hub, log, assistant, now });
  closing(() => rooms.close());

  const watch = watchProcesses({ root, config, own: () => [], now });
  closing(() => watch.close());
  const nightly = openNightlyCheck({
    audit,
    scrub: () => store.scrub(),
    now,
    onFault: (error) => log.error({ err: error }, "the nightly check failed"),
  });
  closing(() => nightly.close());
  const system = await openSystem({
    root,
    config,
    version,
    store,
    audit,
    hub,
    watch,
    source: rooms.overview,
    damage: nightly.problem,
    now,
  });
  closing(() => system.close());

  const authenticate = authenticator({ identity, now });
  const app = await buildServer({ root, config, log, audit, authenticate });
  closing(() => app.close());
  const problems = (): { ready: boolean; problems: string[] } => {
    const own = [audit.fault(), store.fault()].filter((fault) => fault !== null).map((fault) => fault.message);
    const others = watch.states().filter(({ name, state }) => name !== "appliance" && state !== "up");
    return {
      ready: own.length === 0,
      problems: [
        ...own,
        ...others.map(({ name, state, problem }) => `${name} is ${state}${problem === "" ? "" : `: ${problem}`}`),
      ],
    };
  };
  await app.register(identityPlugin, { identity, passwords, audit, config, now });
  await app.register(systemPlugin, { system, problems });
  await app.register(auditPlugin, { audit, check: nightly.check });
  await app.register(livePlugin, { hub, audit, stillSignedIn: authenticate });
  await app.register(knowledgePlugin, { knowledge, assistant, hub });
  await app.register(emotionPolicyPlugin, { policy, hub });
  await rooms.plugin(app);
  await installConsole(app, { folder: options.consoleFolder ?? CONSOLE_FOLDER });
  await listen(app, config);
  rooms.start();
  await noteLife("appliance.started");
  closing(() => (audit.fault() === null ? noteLife("appliance.stopped") : undefined));
  return { address: consoleUrl(config), routes: app.declaredRoutes };

  async function noteLife(code: string): Promise<void> {
    await audit.append({
      code,
      actor: "process:appliance",
      role: "process",
      source: "appliance",
      object: "process:appliance",
      result: "success",
      reason: "",
      requestId: "",
      detail: { node: process.version, records: (await store.stats()).records },
    });
  }
}

async function listen(app: FastifyInstance, config: Config): Promise<void> {
  const { consoleHost, consolePort } = config.appliance;
  try {
    await app.listen({ host: consoleHost, port: consolePort });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EADDRNOTAVAIL" && code !== "EACCES") throw cause;
    throw new AppError({
      code: "console-address",
      message: `the console cannot listen on ${consoleHost}:${consolePort} (${code})`,
      hint: "choose another appliance.consoleHost or appliance.consolePort in config.json, or stop what uses it",
      cause,
    });
  }
}

function atMostOncePerSecond(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, 1_000).unref();
  };
}
