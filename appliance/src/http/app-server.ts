import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import type { Config, Logger } from "@intramuros/contracts";
import Fastify, { type FastifyInstance, LogController } from "fastify";
import { type AccessDeps, installAccess } from "./access-plugin.ts";
import { type Certificate, readCertificate } from "./certificate-store.ts";
import { installErrors } from "./error-plugin.ts";
import { hostName, isLoopback } from "./origin.ts";
import { HttpFault } from "./route.ts";
import { replyPolicy } from "./security-headers.ts";

const BODY_MAX_BYTES = 1_048_576;
const REQUEST_TIMEOUT_MS = 30_000;
const FRAME_MAX_BYTES = 16_384;
/** Requests a minute from one address. Routes that check a password have their own, smaller figure. */
const API_PER_MINUTE = 3_000;

export interface ServerDeps extends AccessDeps {
  readonly root: string;
  readonly config: Config;
  readonly log: Logger;
}

/** The server without routes: transport, limits, refusals, headers, access, audit. Plain HTTP on loopback only. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { consoleHost } = deps.config.appliance;
  const certificate: Certificate | null = isLoopback(consoleHost)
    ? null
    : await readCertificate(deps.root, deps.config);
  const options = {
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: "array" as const, allErrors: false } },
  };
  const app = (certificate === null
    ? Fastify(options)
    : Fastify({ ...options, https: { ...certificate, minVersion: "TLSv1.2" as const } })) as unknown as FastifyInstance;
  app.withTypeProvider<TypeBoxTypeProvider>();
  installErrors(app);
  if (certificate === null) {
    // A name that was made to point at this machine must not reach a console without TLS (DNS rebinding).
    app.addHook("onRequest", async (request) => {
      if (isLoopback(hostName(request.headers.host ?? ""))) return;
      throw new HttpFault({
        status: 421,
        code: "wrong-host",
        message: "this console is served to this machine only",
        hint: "open it by its loopback address, or set appliance.consoleHost",
      });
    });
  }
  await app.register(helmet, {
    contentSecurityPolicy: false,
    hsts: certificate === null ? false : { maxAge: 31_536_000, includeSubDomains: false },
    referrerPolicy: { policy: "no-referrer" },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: "deny" },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("content-security-policy", replyPolicy);
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=(self)");
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    global: true,
    max: API_PER_MINUTE,
    timeWindow: 60_000,
    cache: 20_000,
    allowList: (request) => !request.url.startsWith("/api/"),
  });
  await app.register(websocket, { options: { maxPayload: FRAME_MAX_BYTES } });
  installAccess(app, deps);
  return app;
}
