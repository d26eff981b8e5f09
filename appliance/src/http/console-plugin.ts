import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { consolePolicy } from "./security-headers.ts";

const NOT_BUILT =
  "The console is not built yet. Run `npm start`, or build it with `npx vite build` in admin-ui.\n控制台尚未构建，请运行 npm start。\n";

/** The built console: its files as they are, and its one page, with a fresh nonce, for every other address. */
export async function installConsole(app: FastifyInstance, deps: { readonly folder: string }): Promise<void> {
  const page = path.join(deps.folder, "index.html");
  await app.register(fastifyStatic, { root: deps.folder, serve: false, logLevel: "error" });

  const sendPage = (reply: FastifyReply): FastifyReply => {
    if (!existsSync(page)) return reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
    const nonce = randomBytes(16).toString("base64");
    const html = readFileSync(page, "utf8").replaceAll("__CSP_NONCE__", nonce);
    return reply
      .header("content-security-policy", consolePolicy(nonce))
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(html);
  };

  // Public: the console's program holds nothing secret, and the sign-in page is part of it.
  app.get("/assets/*", { config: { permission: "public" } }, (request, reply) => {
    const { "*": name } = request.params as { "*": string };
    return reply.sendFile(`assets/${name}`, { maxAge: 31_536_000_000, immutable: true });
  });
  app.get("/*", { config: { permission: "public" } }, (request, reply) => {
    const { "*": name } = request.params as { "*": string };
    if (name.startsWith("api/") || name.startsWith("chat/")) return app.replyNotFound(request, reply);
    // Files of the root have an extension (favicon.svg); the addresses of the console's pages have none.
    if (/^[\w-]+\.[a-z0-9]+$/.test(name) && name !== "index.html") return reply.sendFile(name);
    return sendPage(reply);
  });
  app.setNotFoundHandler((request, reply) => app.replyNotFound(request, reply));
}
