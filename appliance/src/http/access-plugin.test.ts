import Fastify from "fastify";
import { describe, expect, test } from "vitest";
import type { AuditRecord } from "../audit/audit-sink.ts";
import { installAccess } from "./access-plugin.ts";
import { installErrors } from "./error-plugin.ts";
import type { Actor } from "./route.ts";

/** A server of two routes whose audit log works, or stops working at the n-th entry. */
function serverWith(options: { readonly failsAt?: number } = {}) {
  const written: AuditRecord[] = [];
  const ran: string[] = [];
  const app = Fastify();
  installErrors(app);
  const actor: Actor = { id: "user:1", displayName: "One", role: "agent", source: "127.0.0.1" };
  installAccess(app, {
    authenticate: async (request) => (request.headers.cookie === undefined ? null : actor),
    audit: {
      fault: () => null,
      async append(record) {
        if (written.length === options.failsAt) throw new Error("disk full");
        written.push(record);
        return written.length - 1;
      },
    },
  });
  app.put("/api/things/:id", { config: { permission: ["agent"], audit: "thing.changed" } }, async () => {
    ran.push("put");
    return { id: "7", secret: "what was done" };
  });
  app.get("/api/things/:id", { config: { permission: ["agent"], audit: "thing.viewed" } }, async () => {
    ran.push("get");
    return { secret: "what is shown" };
  });
  app.get("/api/admin", { config: { permission: ["administrator"] } }, async () => ({}));
  return { app, written, ran };
}
const signedIn = { cookie: "x" };

describe("a route", () => {
  test("that does not say who may call it keeps the server from starting", () => {
    const { app } = serverWith();
    expect(() => app.get("/api/open", async () => ({}))).toThrow(/does not say who may call it/);
  });

  test("that changes something, or shows a customer's record, needs an audit code", () => {
    const { app } = serverWith();
    expect(() => app.post("/api/x", { config: { permission: "signed-in" } }, async () => ({}))).toThrow(
      /no audit code/,
    );
    expect(() => app.get("/api/customers/:id", { config: { permission: "signed-in" } }, async () => ({}))).toThrow(
      /shows customer data/,
    );
    app.post("/api/y", { config: { permission: "signed-in", auditInside: true } }, async () => ({}));
  });
});

describe("a request", () => {
  test("of nobody and of the wrong role is refused, and the latter written down", async () => {
    const { app, written } = serverWith();
    expect((await app.inject({ url: "/api/things/7" })).statusCode).toBe(401);
    expect((await app.inject({ url: "/api/admin", headers: signedIn })).statusCode).toBe(403);
    expect(written.map(({ code, reason }) => [code, reason])).toEqual([["access.refused", "role"]]);
  });

  test("that changes something is written down before it is begun and with its outcome", async () => {
    const { app, written } = serverWith();
    expect((await app.inject({ method: "PUT", url: "/api/things/7", headers: signedIn })).statusCode).toBe(200);
    expect(written.map(({ code, object }) => [code, object])).toEqual([
      ["request.begun", "route:PUT /api/things/:id"],
      ["thing.changed", "thing:7"],
    ]);
    expect(new Set(written.map(({ requestId }) => requestId)).size).toBe(1);
  });

  test("is not begun when that cannot be written down", async () => {
    const { app, ran } = serverWith({ failsAt: 0 });
    const reply = await app.inject({ method: "PUT", url: "/api/things/7", headers: signedIn });
    expect(reply.statusCode).toBeGreaterThanOrEqual(500);
    expect(ran).toEqual([]);
  });

  test("gets no answer out of the house that could not be written down", async () => {
    const { app, ran } = serverWith({ failsAt: 0 });
    const reply = await app.inject({ url: "/api/things/7", headers: signedIn });
    expect(ran).toEqual(["get"]);
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ error: { code: "audit-unavailable" } });
    expect(reply.body).not.toContain("shown");
  });
});
