import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  IdParamsSchema,
  PageQuerySchema,
  PageSchema,
  PhoneInputSchema,
  PhoneSchema,
  QueueInputSchema,
  QueueSchema,
  TaskSchema,
  TaskUpdateSchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { HttpFault } from "../http/route.ts";
import { setupRoutes } from "../telephony/crud-plugin.ts";
import type { SetupStore } from "../telephony/setup-store.ts";
import type { TelephonyClient } from "../telephony/telephony-client.ts";
import { openRecording, recordingKey } from "./recording.ts";
import type { Tasks } from "./task-store.ts";

export interface RoutingDeps {
  readonly setup: SetupStore;
  readonly tasks: Tasks;
  readonly telephony: Pick<TelephonyClient, "status">;
  readonly root: string;
  /** Hex of the house's key; read when a recording is played, not before. */
  readonly readMasterKey: () => string;
}

const MAX_RECORDING_BYTES = 64 << 20; // more than an hour at 8 kHz, 16 bits
const DESK = ["administrator", "supervisor", "agent"] as const;

/** `/api/queues`, `/api/phones`, `/api/tasks`, `/api/recordings/:id`. */
export async function routingPlugin(app: FastifyInstance, deps: RoutingDeps): Promise<void> {
  const { setup, tasks } = deps;
  const changers = ["administrator", "telephony-engineer", "supervisor"] as const;
  setupRoutes(app, {
    setup,
    kind: "queues",
    audit: "queue.changed",
    input: QueueInputSchema,
    output: QueueSchema,
    draw: (item) => item,
    changers,
  });
  setupRoutes(app, {
    setup,
    kind: "phones",
    audit: "phone.changed",
    input: PhoneInputSchema,
    output: PhoneSchema,
    draw({ password, ...phone }) {
      const state = deps.telephony.status()?.phones.find((known) => known.phoneId === phone.id);
      const contact = state?.contact ?? "";
      return {
        ...phone,
        hasPassword: password !== "",
        registered: state?.registered ?? false,
        ...(contact === "" ? {} : { contact }),
      };
    },
    merge: (input, before) => ({ ...input, password: input.password || (before?.password ?? "") }),
  });

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const TasksQuery = Type.Object({ ...PageQuerySchema.properties, state: Type.Optional(TaskSchema.properties.state) });
  typed.route({
    method: "GET",
    url: "/api/tasks",
    config: { permission: "signed-in" },
    schema: { querystring: TasksQuery, response: { 200: PageSchema(TaskSchema) } },
    async handler(request) {
      const { state, cursor, limit = 50 } = request.query;
      const items = await tasks.list({
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { before: cursor }),
      });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(items.length > limit && last !== undefined ? { next: last.id } : {}) };
    },
  });
  typed.route({
    method: "PATCH",
    url: "/api/tasks/:id",
    config: { permission: DESK, audit: "task.changed" },
    schema: { params: IdParamsSchema, body: TaskUpdateSchema, response: { 200: TaskSchema } },
    async handler(request) {
      const by = request.actor?.displayName ?? "local-operator";
      const task = await tasks.setState(request.params.id, request.body.state, by);
      if (task === undefined) throw noTask();
      return task;
    },
  });
  typed.route({
    method: "GET",
    url: "/api/recordings/:id",
    config: { permission: DESK, audit: "recording.played" },
    schema: { params: IdParamsSchema },
    async handler(request, reply) {
      const task = await tasks.get(request.params.id);
      if (task === undefined) throw noTask();
      const wav = await readRecording(deps, task.recordingPath ?? "");
      return reply
        .header("content-type", "audio/wav")
        .header("cache-control", "no-store")
        .header("content-disposition", `inline; filename="message-${task.id}.wav"`)
        .send(wav);
    },
  });
}

async function readRecording(deps: RoutingDeps, recordingPath: string): Promise<Buffer> {
  const folder = path.join(deps.root, "recordings");
  const file = path.resolve(deps.root, recordingPath);
  // The path comes from another process: it may not lead out of its folder.
  if (recordingPath === "" || !file.startsWith(`${folder}${path.sep}`)) throw noRecording();
  let sealed: Buffer;
  try {
    if ((await stat(file)).size > MAX_RECORDING_BYTES) throw noRecording();
    sealed = await readFile(file);
  } catch (cause) {
    if (cause instanceof HttpFault) throw cause;
    throw noRecording();
  }
  const wav = openRecording(sealed, recordingKey(deps.readMasterKey()));
  if (wav !== null) return wav;
  throw new HttpFault({
    status: 409,
    code: "recording-damaged",
    message: "the recording does not fit its seal: it is torn, altered or under another key",
    hint: "restore the file from the backup; the transcript is in the task",
  });
}

const noTask = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: "there is no such task",
    hint: "it may have been erased; load the list again",
  });
const noRecording = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "recording-missing",
    message: "there is no recording of this task",
    hint: "the caller left no message, or the file is gone; the transcript is in the task",
  });
