import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import multipart from "@fastify/multipart";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import { type Config, IdParamsSchema, type Logger } from "@intramuros/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Conversations } from "../../conversation/conversations-driver.ts";
import type { Customers } from "../../customer/customer-store.ts";
import { HttpFault } from "../../http/route.ts";
import { type Bucket, draw, originAllowed } from "./chat-line.ts";
import { openChatSockets } from "./chat-sockets-driver.ts";
import type { UploadRecord, Uploads } from "./upload-store.ts";
import { identityOf, isToken } from "./visitor.ts";

export interface WebChatDeps {
  readonly conversations: Conversations;
  readonly customers: Customers;
  readonly uploads: Uploads;
  readonly config: Config;
  readonly log: Logger;
  readonly now?: () => number;
}

const MAX_FRAME_BYTES = 16 << 10;
const FILE_LIMIT = { burst: 6, everyMs: 10_000 };
const MAX_SOURCES = 10_000;
const asset = (name: string): Buffer =>
  readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), "widget", name));

/** `/chat/socket`, `/chat/files`, `/chat/widget.js`, `/chat/`, and `/api/files/:id` for the console. */
export async function webChatPlugin(app: FastifyInstance, deps: WebChatDeps): Promise<void> {
  const now = deps.now ?? Date.now;
  const { customers, conversations, uploads } = deps;
  const sites = deps.config.appliance.chatOrigins;
  if (!app.hasDecorator("websocketServer")) {
    await app.register(websocket, { options: { maxPayload: MAX_FRAME_BYTES } });
  }
  if (!app.hasContentTypeParser("multipart/form-data")) await app.register(multipart);
  const sockets = openChatSockets({
    ...deps,
    siteName: deps.config.site.name,
    siteLanguage: deps.config.site.language,
    maxFileBytes: uploads.maxBytes,
    now,
  });

  const checkOrigin = async (request: FastifyRequest): Promise<void> => {
    if (originAllowed(request.headers.origin, request.headers.host, sites)) return;
    throw new HttpFault({
      status: 403,
      code: "origin-not-allowed",
      message: "this site may not use the chat",
      hint: "add its origin to appliance.chatOrigins in config.json",
    });
  };
  /** Only for origins that we know: anything else gets no header and the browser refuses. */
  const allowCors = (request: FastifyRequest, reply: FastifyReply): void => {
    const { origin, host } = request.headers;
    reply.header("vary", "Origin");
    if (origin === undefined || !originAllowed(origin, host, sites)) return;
    reply.header("access-control-allow-origin", origin);
    reply.header("access-control-allow-headers", "authorization, content-type");
    reply.header("access-control-allow-methods", "GET, POST");
    reply.header("cross-origin-resource-policy", "cross-origin");
  };

  app.route({
    method: "GET",
    url: "/chat/socket",
    // Public: visitors have no account. Their token, made here, is what tells them apart.
    config: { permission: "public" },
    preValidation: checkOrigin,
    handler: async (_request, reply) => reply.code(426).header("upgrade", "websocket").send(),
    wsHandler: (socket, request) => sockets.accept(socket, request.ip),
  });

  const bySource = new Map<string, Bucket>();
  app.route({
    method: "POST",
    url: "/chat/files",
    // Public for the same reason; the token must belong to a chat that is open in a browser right now.
    config: { permission: "public" },
    onRequest: checkOrigin,
    async handler(request, reply) {
      allowCors(request, reply);
      const identity = bearer(request);
      const visitor = identity === null ? undefined : sockets.visitor(identity);
      if (visitor === undefined) throw noVisitor();
      const { bucket, allowed } = draw(
        bySource.get(request.ip) ?? { tokens: FILE_LIMIT.burst, at: now() },
        now(),
        FILE_LIMIT,
      );
      if (bySource.size >= MAX_SOURCES) bySource.clear();
      bySource.set(request.ip, bucket);
      if (!allowed) throw tooFast();
      const part = await request.file({ limits: { fileSize: uploads.maxBytes + 1, files: 1, fields: 4, parts: 5 } });
      if (part === undefined) throw fileRefused("empty");
      const received = await uploads.receive(part.file, part.filename);
      if (received.type === "refused") throw fileRefused(received.code);
      const { file } = received;
      try {
        await conversations.chat.file(
          visitor,
          { fileId: file.id, name: file.name, mediaType: file.mediaType, sizeBytes: file.sizeBytes },
          (customerId, conversationId) => [uploads.write(file, { customerId, conversationId })],
        );
      } catch (error) {
        await uploads.discard(file.id);
        throw error;
      }
      const { key: _key, ...shown } = file;
      return reply.code(201).send({ file: shown });
    },
  });
  app.route({
    method: "OPTIONS",
    url: "/chat/files",
    // Public: a browser asks before it sends, without any credential.
    config: { permission: "public" },
    async handler(request, reply) {
      allowCors(request, reply);
      return reply.header("access-control-max-age", "600").code(204).send();
    },
  });
  app.route({
    method: "OPTIONS",
    url: "/chat/files/:id",
    // Public: as above.
    config: { permission: "public" },
    async handler(request, reply) {
      allowCors(request, reply);
      return reply.header("access-control-max-age", "600").code(204).send();
    },
  });

  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const sendFile = async (reply: FastifyReply, record: UploadRecord | undefined): Promise<FastifyReply> => {
    const stream = record === undefined ? null : await uploads.read(record);
    if (record === undefined || stream === null) throw noFile();
    return reply
      .header("content-type", record.mediaType)
      .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(record.name)}`)
      .header("content-length", record.sizeBytes)
      .header("x-content-type-options", "nosniff")
      .header("content-security-policy", "default-src 'none'; sandbox")
      .header("cache-control", "no-store")
      .send(stream);
  };
  typed.route({
    method: "GET",
    url: "/chat/files/:id",
    // Public: only the owner's token opens a file.
    config: { permission: "public" },
    schema: { params: IdParamsSchema },
    async handler(request, reply) {
      allowCors(request, reply);
      const identity = bearer(request);
      const owner = identity === null ? undefined : customers.find({ kind: "web-chat", value: identity });
      const record = owner === undefined ? undefined : await uploads.get(request.params.id);
      // A stranger hears the same as one who asks for nothing: whether the file exists is not his to know.
      if (owner === undefined || record?.customerId !== owner.id) throw noFile();
      return sendFile(reply, record);
    },
  });
  typed.route({
    method: "GET",
    url: "/api/files/:id",
    config: { permission: ["administrator", "supervisor", "agent"], audit: "file.viewed" },
    schema: { params: IdParamsSchema },
    handler: async (request, reply) => sendFile(reply, await uploads.get(request.params.id)),
  });

  const page = (url: string, name: string, type: string, headers: Readonly<Record<string, string>>): void => {
    const body = asset(name);
    app.route({
      method: "GET",
      url,
      // Public: these are the widget itself and the page that shows it.
      config: { permission: "public" },
      handler: async (_request, reply) =>
        reply.headers({ "content-type": type, "x-content-type-options": "nosniff", ...headers }).send(body),
    });
  };
  page("/chat/widget.js", "widget.js", "text/javascript; charset=utf-8", {
    "cache-control": "public, max-age=300",
    "cross-origin-resource-policy": "cross-origin",
  });
  const pagePolicy = {
    "cache-control": "no-cache",
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
  };
  app.route({
    method: "GET",
    url: "/chat",
    // Public: somebody who left out the last stroke.
    config: { permission: "public" },
    handler: async (_request, reply) => reply.redirect("/chat/", 308),
  });
  page("/chat/", "demo.html", "text/html; charset=utf-8", pagePolicy);
  page("/chat/demo.css", "demo.css", "text/css; charset=utf-8", pagePolicy);
  app.addHook("onClose", async () => sockets.close());
}

/** The name of the visitor whose token the request carries; null without a well-formed one. */
function bearer(request: FastifyRequest): string | null {
  const token = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return isToken(token) ? identityOf(token) : null;
}

const noVisitor = (): HttpFault =>
  new HttpFault({
    status: 401,
    code: "visitor-unknown",
    message: "the chat of this visitor is not open",
    hint: "open the chat and send the file again",
  });
const noFile = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: "there is no such file, or it is not yours",
    hint: "open the chat in which it was sent",
  });
const tooFast = (): HttpFault =>
  new HttpFault({
    status: 429,
    code: "too-many-files",
    message: "too many files in a short time",
    hint: "wait a few seconds and send it again",
  });
const fileRefused = (code: "too-large" | "type-not-allowed" | "empty"): HttpFault =>
  new HttpFault({
    status: code === "too-large" ? 413 : code === "empty" ? 400 : 415,
    code: `file-${code}`,
    message: {
      "too-large": "the file is larger than this site allows",
      "type-not-allowed": "files of this kind are not taken",
      empty: "there is no file in the request",
    }[code],
    hint: "pictures (PNG, JPEG, GIF, WebP), PDF and plain text can be sent",
  });
