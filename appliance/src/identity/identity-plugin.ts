import { randomUUID } from "node:crypto";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  asId,
  type Config,
  OkSchema,
  type SessionReply,
  SessionReplySchema,
  SetupRequestSchema,
  SignInRequestSchema,
  type UserId,
} from "@intramuros/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AuditSink } from "../audit/audit-sink.ts";
import { isLoopback } from "../http/origin.ts";
import { type Actor, HttpFault } from "../http/route.ts";
import { ABSOLUTE_MS, canonicalName, type IdentityStore, sameSecret, type User } from "./identity-store.ts";
import { type Attempts, afterFailure, isForgotten, isLocked } from "./lockout.ts";
import type { Passwords } from "./password-driver.ts";
import { checkPassword, passwordAdvice } from "./password-policy.ts";

const COOKIE = "intramuros";
/** Password checks a minute from one address. */
const CHECKS_PER_MINUTE = 30;
const ATTEMPTS_MAX = 10_000;

export interface IdentityDeps {
  readonly identity: IdentityStore;
  readonly passwords: Passwords;
  readonly audit: AuditSink;
  readonly config: Config;
  readonly now?: () => number;
}

const actorOf = (user: User, source: string): Actor => ({
  id: `user:${user.id}`,
  displayName: user.displayName,
  role: user.role,
  source,
});

/** Who calls, by the session's cookie or, from this machine only, by the local operator's token. */
export function authenticator(
  deps: Pick<IdentityDeps, "identity" | "now">,
): (request: FastifyRequest) => Promise<Actor | null> {
  const now = deps.now ?? Date.now;
  return async (request) => {
    const bearer = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? "")?.[1];
    if (bearer !== undefined) {
      // A connection whose two ends have one address is of this machine too, where the console is not on loopback.
      const fromHere = isLoopback(request.ip) || request.ip === request.socket.localAddress;
      const good = sameSecret(bearer, deps.identity.localToken()) && fromHere;
      return good
        ? { id: "local-operator", displayName: "local operator", role: "local-operator", source: request.ip }
        : null;
    }
    const secret = request.cookies[COOKIE];
    if (secret === undefined || secret.length > 100) return null;
    const user = await deps.identity.session(secret, now());
    return user === undefined ? null : actorOf(user, request.ip);
  };
}

/** `POST /api/setup`, `GET|POST|DELETE /api/session`. */
export async function identityPlugin(app: FastifyInstance, deps: IdentityDeps): Promise<void> {
  const { identity, passwords, audit, config } = deps;
  const now = deps.now ?? Date.now;
  const attempts = new Map<string, Attempts>();
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const authenticate = authenticator(deps);
  const limited = { max: CHECKS_PER_MINUTE, timeWindow: 60_000 };
  let settingUp = false;

  const write = (
    request: FastifyRequest,
    entry: {
      readonly code: string;
      readonly user: User | undefined;
      readonly result: "success" | "failure";
      readonly reason: string;
    },
  ): Promise<number> =>
    audit.append({
      code: entry.code,
      actor: entry.user === undefined ? "anonymous" : `user:${entry.user.id}`,
      role: entry.user?.role ?? "none",
      source: request.ip,
      object: entry.user === undefined ? "user:unknown" : `user:${entry.user.id}`,
      result: entry.result,
      reason: entry.reason,
      requestId: request.id,
      detail: {},
    });

  const replyOf = (user: Pick<User, "id" | "username" | "displayName" | "role"> | undefined): SessionReply => ({
    needsSetup: identity.setupCode() !== null,
    siteName: config.site.name,
    siteLanguage: config.site.language,
    ...(user === undefined
      ? {}
      : { user: { id: user.id, username: user.username, displayName: user.displayName, role: user.role } }),
  });

  const startSession = async (request: FastifyRequest, reply: FastifyReply, user: User): Promise<SessionReply> => {
    const old = request.cookies[COOKIE];
    if (old !== undefined) await identity.endSession(old);
    const secret = await identity.startSession(user.id, now());
    reply.setCookie(COOKIE, secret, {
      path: "/",
      httpOnly: true,
      sameSite: "strict",
      secure: request.protocol === "https",
      maxAge: ABSOLUTE_MS / 1_000,
    });
    return replyOf(user);
  };

  const failed = (key: string): void => {
    if (attempts.size >= ATTEMPTS_MAX) {
      for (const [old, kept] of attempts) if (isForgotten(kept, now())) attempts.delete(old);
      const [oldest] = attempts.keys();
      if (attempts.size >= ATTEMPTS_MAX && oldest !== undefined) attempts.delete(oldest);
    }
    attempts.set(key, afterFailure(attempts.get(key), now()));
  };
  const lockedFault = (): HttpFault =>
    new HttpFault({
      status: 429,
      code: "locked",
      message: "too many failed attempts; this account is locked for this address",
      hint: "wait 15 minutes and try again",
    });

  typed.route({
    method: "POST",
    url: "/api/setup",
    // Public: it is how the first administrator comes to be; the code from this machine is the credential.
    config: { permission: "public", auditInside: true, rateLimit: limited },
    schema: { body: SetupRequestSchema, response: { 200: SessionReplySchema } },
    async handler(request, reply) {
      const { code, username, displayName, password } = request.body;
      const expected = identity.setupCode();
      if (expected === null || settingUp) {
        throw new HttpFault({
          status: 409,
          code: "already-set-up",
          message: "the first administrator exists already",
          hint: "sign in",
        });
      }
      const key = `\u0000setup|${request.ip}`;
      if (isLocked(attempts.get(key), now())) throw lockedFault();
      const given = code.trim().toUpperCase().replace(/[\s-]/g, "");
      if (!sameSecret(given, expected.replaceAll("-", ""))) {
        failed(key);
        await write(request, { code: "setup.refused", user: undefined, result: "failure", reason: "wrong-code" });
        throw new HttpFault({
          status: 403,
          code: "setup-code-wrong",
          message: "this is not the set-up code",
          hint: "it is on the board of `npm start` and in run/setup.code of the home folder",
          field: "code",
        });
      }
      const fault = checkPassword(password, username);
      if (fault !== null) {
        throw new HttpFault({ status: 400, code: fault, field: "password", ...passwordAdvice[fault] });
      }
      settingUp = true;
      try {
        const passwordHash = await passwords.hash(password);
        const user: User = {
          id: asId<UserId>(randomUUID()),
          username: username.normalize("NFKC"),
          displayName,
          role: "administrator",
          passwordHash,
          createdAt: now(),
        };
        await write(request, { code: "setup.completed", user, result: "success", reason: "" });
        await identity.add(user);
        identity.spendSetupCode();
        await write(request, { code: "session.started", user, result: "success", reason: "setup" });
        return await startSession(request, reply, user);
      } finally {
        settingUp = false;
      }
    },
  });

  typed.route({
    method: "GET",
    url: "/api/session",
    // Public: tells the console whether to show sign-in, set-up or itself.
    config: { permission: "public" },
    schema: { response: { 200: SessionReplySchema } },
    async handler(request) {
      const actor = await authenticate(request);
      return replyOf(identity.users().find((user) => `user:${user.id}` === actor?.id));
    },
  });

  typed.route({
    method: "POST",
    url: "/api/session",
    // Public: this is the sign-in.
    config: { permission: "public", auditInside: true, rateLimit: limited },
    schema: { body: SignInRequestSchema, response: { 200: SessionReplySchema } },
    async handler(request, reply) {
      const { username, password } = request.body;
      const key = `${canonicalName(username)}|${request.ip}`;
      const user = identity.find(username);
      if (isLocked(attempts.get(key), now())) {
        await write(request, { code: "session.refused", user, result: "failure", reason: "locked" });
        throw lockedFault();
      }
      if (!(await passwords.verify(password, user?.passwordHash ?? null)) || user === undefined) {
        failed(key);
        const reason = user === undefined ? "unknown-user" : "wrong-password";
        await write(request, { code: "session.refused", user, result: "failure", reason });
        throw new HttpFault({
          status: 401,
          code: "sign-in-refused",
          message: "user name or password is not right",
          hint: "after five failures the account is locked for this address for 15 minutes",
        });
      }
      attempts.delete(key);
      await write(request, { code: "session.started", user, result: "success", reason: "" });
      return startSession(request, reply, user);
    },
  });

  typed.route({
    method: "DELETE",
    url: "/api/session",
    // Public: signing out twice is no fault.
    config: { permission: "public", auditInside: true },
    schema: { response: { 200: OkSchema } },
    async handler(request, reply) {
      const secret = request.cookies[COOKIE];
      const user = secret === undefined ? undefined : await identity.session(secret, now());
      if (secret !== undefined && user !== undefined) {
        await identity.endSession(secret);
        await write(request, { code: "session.ended", user, result: "success", reason: "" });
      }
      reply.clearCookie(COOKIE, { path: "/" });
      return { ok: true as const };
    },
  });
}
