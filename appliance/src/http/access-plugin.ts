import { AppError } from "@intramuros/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { AuditLog } from "../audit/level-audit-store.ts";
import { isCrossSite } from "./origin.ts";
import { type Actor, HttpFault, type Permission } from "./route.ts";

export interface AccessDeps {
  readonly audit: Pick<AuditLog, "append" | "fault">;
  /** Who calls; null for nobody, a fault for credentials that do not hold. */
  readonly authenticate: (request: FastifyRequest) => Promise<Actor | null>;
}

/** Paths below which every single record is a customer's. */
const CUSTOMER_DATA = /^\/api\/(conversations|customers|files|recordings|tasks)\/:/;
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const REPLY_PARSE_MAX = 65_536;

/** A route as it was declared, for the matrix of routes and roles. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly permission: Permission;
}

declare module "fastify" {
  interface FastifyInstance {
    declaredRoutes: DeclaredRoute[];
  }
  interface FastifyRequest {
    auditDue: boolean;
  }
}

/** Guard, sign-in check and audit of every route. Called on the root before any route is added. */
export function installAccess(app: FastifyInstance, deps: AccessDeps): void {
  app.decorateRequest("actor", null);
  app.decorateRequest("auditObject", null);
  app.decorateRequest("auditDue", false);
  const declared: DeclaredRoute[] = [];
  app.decorate("declaredRoutes", declared);
  app.addHook("onRoute", (route) => {
    const permission = checkRoute(route);
    for (const method of [route.method].flat()) declared.push({ method, url: route.url, permission });
  });

  app.addHook("onRequest", async (request) => {
    if (request.is404) return;
    const { permission } = request.routeOptions.config;
    const isApi = request.url.startsWith("/api/");
    if (isApi && (!SAFE.has(request.method) || isUpgrade(request)) && crossSite(request)) {
      await refuse(deps, request, "cross-site", null);
      throw new HttpFault({
        status: 403,
        code: "cross-site-request",
        message: "a page of another site sent this request",
        hint: "open the console itself and try again",
      });
    }
    if (permission === undefined || permission === "public") return;
    const actor = await deps.authenticate(request);
    if (actor === null) {
      throw new HttpFault({
        status: 401,
        code: "not-signed-in",
        message: "nobody is signed in",
        hint: "sign in and try again",
      });
    }
    request.actor = actor;
    if (!mayCall(permission, actor)) {
      await refuse(deps, request, "role", actor);
      throw new HttpFault({
        status: 403,
        code: "not-allowed",
        message: `your role (${actor.role}) may not do this`,
        hint: "ask an administrator",
      });
    }
  });

  app.addHook("preHandler", async (request) => {
    const { audit, auditInside } = request.routeOptions.config;
    if (request.is404 || (audit === undefined && auditInside !== true)) return;
    const fault = deps.audit.fault();
    if (fault !== null) throw fault;
    if (audit === undefined) return;
    // Written down before it is begun: should the log fail in between, the outcome is missing, but never the fact.
    if (!SAFE.has(request.method)) await begin(deps, request, audit);
    request.auditDue = true;
    if (isUpgrade(request)) await auditRequest(deps, request, { code: audit, status: 101, replyId: null });
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const { audit } = request.routeOptions.config;
    if (audit === undefined || !request.auditDue) return payload;
    try {
      await auditRequest(deps, request, { code: audit, status: reply.statusCode, replyId: idIn(payload) });
      return payload;
    } catch (error) {
      return withoutAudit(request, reply, payload, error);
    }
  });
}

/** A route that does not say who may call it, or what it leaves in the audit log, keeps the server from starting. */
function checkRoute(route: RouteOptions): Permission {
  const methods = [route.method].flat();
  const { permission, audit, auditInside } = route.config ?? {};
  const fault = (what: string): AppError =>
    new AppError({
      code: "route-incomplete",
      message: `${methods.join(",")} ${route.url} ${what}`,
      hint: "declare it in the route's config (http/route.ts)",
    });
  if (permission === undefined) throw fault("does not say who may call it");
  const accountable = audit !== undefined || auditInside === true;
  const changes = methods.some((method) => !SAFE.has(method));
  if (changes && permission !== "public" && !accountable) throw fault("changes something and has no audit code");
  if (CUSTOMER_DATA.test(route.url) && !accountable) throw fault("shows customer data and has no audit code");
  return permission;
}

function mayCall(permission: Exclude<Permission, "public">, actor: Actor): boolean {
  if (permission === "signed-in") return true;
  return permission.includes(actor.role === "local-operator" ? "administrator" : actor.role);
}

const isUpgrade = (request: FastifyRequest): boolean => request.headers.upgrade?.toLowerCase() === "websocket";

const crossSite = (request: FastifyRequest): boolean =>
  isCrossSite({
    origin: request.headers.origin,
    host: request.headers.host,
    fetchSite: request.headers["sec-fetch-site"] as string | undefined,
  });

async function refuse(deps: AccessDeps, request: FastifyRequest, rule: string, actor: Actor | null): Promise<void> {
  await deps.audit.append({
    code: "access.refused",
    actor: actor?.id ?? "anonymous",
    role: actor?.role ?? "none",
    source: request.ip,
    object: `route:${request.method} ${request.routeOptions.url ?? ""}`,
    result: "failure",
    reason: rule,
    requestId: request.id,
    detail: {},
  });
}

async function begin(deps: AccessDeps, request: FastifyRequest, code: string): Promise<void> {
  await deps.audit.append({
    code: "request.begun",
    actor: request.actor?.id ?? "anonymous",
    role: request.actor?.role ?? "none",
    source: request.ip,
    object: `route:${request.method} ${request.routeOptions.url ?? ""}`,
    result: "success",
    reason: "",
    requestId: request.id,
    detail: { code },
  });
}

async function auditRequest(
  deps: AccessDeps,
  request: FastifyRequest,
  outcome: { readonly code: string; readonly status: number; readonly replyId: string | null },
): Promise<void> {
  request.auditDue = false;
  const kind = outcome.code.split(".")[0] ?? outcome.code;
  const { id } = (request.params ?? {}) as { id?: string };
  const about = id ?? outcome.replyId;
  await deps.audit.append({
    code: outcome.code,
    actor: request.actor?.id ?? "anonymous",
    role: request.actor?.role ?? "none",
    source: request.ip,
    object: request.auditObject ?? (about === null ? `route:${request.routeOptions.url ?? ""}` : `${kind}:${about}`),
    result: outcome.status < 400 ? "success" : "failure",
    reason: outcome.status < 400 ? "" : `http-${outcome.status}`,
    requestId: request.id,
    detail: { method: request.method, status: outcome.status },
  });
}

/** The id of what a route made, from its own reply. */
function idIn(payload: unknown): string | null {
  if (typeof payload !== "string" || payload.length > REPLY_PARSE_MAX || !payload.startsWith("{")) return null;
  try {
    const { id } = JSON.parse(payload) as { id?: unknown };
    return typeof id === "string" && id.length <= 100 ? id : null;
  } catch {
    return null;
  }
}

/** Nothing leaves that could not be written down. */
function withoutAudit(request: FastifyRequest, reply: FastifyReply, payload: unknown, error: unknown): string {
  request.log.error({ err: error, errorId: request.id }, "an answer was held back because it could not be audited");
  if (typeof payload === "object" && payload !== null && "destroy" in payload)
    (payload as { destroy(): void }).destroy();
  const body = JSON.stringify({
    error: {
      code: "audit-unavailable",
      message: "the audit log cannot be written",
      hint: error instanceof AppError ? error.hint : "look at the appliance's log",
      id: request.id,
    },
  });
  for (const name of Object.keys(reply.getHeaders())) {
    if (name.startsWith("content-") && name !== "content-security-policy") reply.removeHeader(name);
  }
  reply.removeHeader("set-cookie");
  reply.code(503).header("content-type", "application/json; charset=utf-8");
  return body;
}
