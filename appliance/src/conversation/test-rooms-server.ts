import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Config, type LiveMessage, openLog, parseConfig, type Role } from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { AuditRecord, AuditSink } from "../audit/audit-sink.ts";
import type { Assistant } from "../dialogue/assistant.ts";
import { buildServer } from "../http/app-server.ts";
import { memoryStore } from "../storage/memory-store.ts";
import type { Store } from "../storage/store.ts";
import { openRooms, type Rooms } from "./rooms-driver.ts";
import { oneArticleAssistant } from "./test-rooms-driver.ts";

export interface TestServer {
  readonly root: string;
  readonly url: string;
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly rooms: Rooms;
  readonly audited: AuditRecord[];
  readonly shown: LiveMessage[];
  /** A request of a signed-in user of the role. */
  call(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    url: string,
    body?: object,
    role?: Role,
  ): Promise<{ readonly status: number; readonly body: { readonly [key: string]: unknown } }>;
  close(): Promise<void>;
}

/** The rooms behind the real HTTP server on a free port of loopback, in a temporary home. Signed in is who says so in `x-role`. */
export async function serveTestRooms(
  options: {
    readonly config?: object;
    readonly assistant?: Assistant;
    readonly store?: Store;
    readonly audit?: AuditSink;
    readonly root?: string;
  } = {},
): Promise<TestServer> {
  const root = options.root ?? mkdtempSync(path.join(tmpdir(), "intramuros-rooms-"));
  mkdirSync(path.join(root, "keys"), { recursive: true });
  if (options.root === undefined) writeFileSync(path.join(root, "keys", "master.key"), "ab".repeat(32));
  const parsed = parseConfig(JSON.stringify(options.config ?? {}));
  if (parsed.type === "faulty") throw new Error(JSON.stringify(parsed.faults));
  const config: Config = parsed.config;
  const log = openLog("appliance", "error");
  const audited: AuditRecord[] = [];
  const shown: LiveMessage[] = [];
  const audit: AuditSink = {
    async append(record) {
      audited.push(record);
      return options.audit === undefined ? audited.length - 1 : options.audit.append(record);
    },
  };
  const store = options.store ?? memoryStore();
  const rooms = await openRooms({
    root,
    config,
    store,
    audit,
    hub: { publish: (message) => void shown.push(message) },
    log,
    assistant: options.assistant ?? oneArticleAssistant(),
  });
  const app = await buildServer({
    root,
    config,
    log,
    audit: { append: audit.append, fault: () => null },
    async authenticate(request) {
      const role = request.headers["x-role"];
      if (typeof role !== "string") return null;
      return { id: `user:${role}`, displayName: `Test ${role}`, role: role as Role, source: request.ip };
    },
  });
  await rooms.plugin(app);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  rooms.start();
  return {
    root,
    url,
    app,
    store,
    rooms,
    audited,
    shown,
    async call(method, target, body, role = "administrator") {
      const reply = await fetch(`${url}${target}`, {
        method,
        headers: { "x-role": role, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: reply.status, body: (await reply.json()) as never };
    },
    async close() {
      await app.close();
      await rooms.close();
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
