import path from "node:path";
import {
  type Config,
  inferenceAddress,
  type Language,
  type Logger,
  readSecret,
  sipAddress,
  telephonyAddress,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { AuditSink } from "../audit/audit-sink.ts";
import { openUploads } from "../channels/web-chat/upload-store.ts";
import { webChatPlugin } from "../channels/web-chat/web-chat-plugin.ts";
import { type Customers, openCustomers } from "../customer/customer-store.ts";
import { customersPlugin } from "../customer/customers-plugin.ts";
import type { Assistant } from "../dialogue/assistant.ts";
import type { LiveHub } from "../live/live-hub.ts";
import { type InferenceClient, openInferenceClient } from "../models/inference-client.ts";
import { modelsPlugin } from "../models/models-plugin.ts";
import { routingPlugin } from "../routing/routing-plugin.ts";
import { openTasks, type Tasks } from "../routing/task-store.ts";
import type { Store } from "../storage/store.ts";
import type { OverviewSource } from "../system/overview-source.ts";
import { seedTelephony } from "../telephony/seed-store.ts";
import { openSetup, type SetupStore } from "../telephony/setup-store.ts";
import { openTelephonyClient, type TelephonyClient } from "../telephony/telephony-client.ts";
import { telephonyPlugin } from "../telephony/telephony-plugin.ts";
import { openCallMedia } from "../telephony/trace/call-media-client.ts";
import { openSipCapture } from "../telephony/trace/sip-capture-client.ts";
import { openTraces } from "../telephony/trace/trace-driver.ts";
import { tracePlugin } from "../telephony/trace/trace-plugin.ts";
import { openTrunkUse } from "../telephony/trunk-use-store.ts";
import { openTrunkWatch } from "../telephony/trunk-watch-driver.ts";
import { type Conversations, openConversations } from "./conversations-driver.ts";
import { conversationsPlugin } from "./conversations-plugin.ts";

export interface RoomsDeps {
  readonly root: string;
  readonly config: Config;
  readonly store: Store;
  readonly audit: AuditSink;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly assistant: Assistant;
  readonly now?: () => number;
}

export interface Rooms {
  readonly conversations: Conversations;
  readonly customers: Customers;
  readonly setup: SetupStore;
  readonly tasks: Tasks;
  readonly telephony: TelephonyClient;
  readonly inference: InferenceClient;
  readonly overview: OverviewSource;
  /** Every route of these rooms. */
  plugin(app: FastifyInstance): Promise<void>;
  /** Attaches to telephony and starts the sweeps. */
  start(): void;
  close(): Promise<void>;
}

/** Calls are taken for lost when telephony, attached and with nothing left to tell, says this often in a row that it has none. */
const ORPHAN_POLLS = 5;
const ORPHAN_AGE_MS = 60_000;

/** Opens the conversation room and its neighbours in order; `close` closes them in reverse. */
export async function openRooms(deps: RoomsDeps): Promise<Rooms> {
  const { root, config, store, audit, hub, log } = deps;
  const clock = deps.now === undefined ? {} : { now: deps.now };
  const now = deps.now ?? Date.now;
  const language: Language = config.site.language;
  const setup = await openSetup({ store, hub });
  await seedTelephony(setup, config.site);
  const customers = await openCustomers({ store, hub, countryCode: language === "zh" ? "86" : "" });
  const tasks = await openTasks({ store, hub, ...clock });
  const trunkUse = await openTrunkUse(store);
  const telephony = openTelephonyClient({ address: telephonyAddress(root), setup, log });
  const sip = openSipCapture(sipAddress(root));
  const media = openCallMedia(telephonyAddress(root));
  const inference = openInferenceClient({ address: inferenceAddress(root), log });
  const conversations = await openConversations({
    store,
    audit,
    hub,
    log,
    assistant: deps.assistant,
    customers,
    tasks,
    setup,
    trunkUse,
    commands: telephony,
    emotion: inference.emotion,
    siteName: config.site.name,
    ...clock,
  });
  const uploads = openUploads({ root, store, maxBytes: config.appliance.maxUploadBytes });
  const trunkWatch = openTrunkWatch({ setup, telephony, hub, now });
  let quietPolls = 0;
  let phonesShown = "";
  telephony.onStatus((status) => {
    const phones = JSON.stringify(status?.phones ?? []);
    if (phones !== phonesShown) hub.publish({ type: "changed", what: "phones" });
    phonesShown = phones;
    const quiet =
      status !== null && telephony.attached() && status.calls === 0 && Number(status.unacknowledgedEvents) === 0;
    quietPolls = quiet ? quietPolls + 1 : 0;
    if (quietPolls !== ORPHAN_POLLS) return;
    quietPolls = 0;
    conversations.phone.endOrphans(now() - ORPHAN_AGE_MS).catch((error: unknown) => {
      log.error({ err: error }, "calls that telephony lost could not be closed");
    });
  });

  return {
    conversations,
    customers,
    setup,
    tasks,
    telephony,
    inference,
    overview: {
      figures() {
        const figures = conversations.figures();
        const maxCalls = telephony.status()?.maxCalls ?? config.telephony.maxCalls;
        return { ...figures, live: { ...figures.live, maxCalls }, openTasks: tasks.openCount() };
      },
      trunkTroubles: trunkWatch.troubles,
    },
    async plugin(app) {
      await app.register(conversationsPlugin, { conversations });
      await app.register(customersPlugin, { customers, conversations });
      await app.register(routingPlugin, {
        setup,
        tasks,
        telephony,
        root,
        readMasterKey: () => readSecret(path.join(root, "keys", "master.key")),
      });
      await app.register(telephonyPlugin, { setup, telephony, conversations, trunkUse, trunkWatch, config });
      const { name: siteName } = config.site;
      const traces = openTraces({ sip, media, conversations, setup, telephony, siteName, now });
      await app.register(tracePlugin, { traces });
      await app.register(modelsPlugin, { inference });
      await app.register(webChatPlugin, { conversations, customers, uploads, config, log, ...clock });
    },
    start() {
      telephony.start(conversations.phone);
      conversations.start();
    },
    async close() {
      trunkWatch.close();
      await telephony.close();
      sip.close();
      media.close();
      await inference.close();
      await conversations.close();
    },
  };
}
