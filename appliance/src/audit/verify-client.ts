import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  AppError,
  type Config,
  localTokenPath,
  readSecret,
  type VerifyReply,
  VerifyReplySchema,
} from "@intramuros/contracts";
import { Value } from "typebox/value";
import { consoleCertPath } from "../http/certificate-store.ts";
import { isLoopback } from "../http/origin.ts";

const ANSWER_WITHIN_MS = 600_000;
const ANSWER_MAX_BYTES = 16_777_216;

const childProgram = path.join(path.dirname(fileURLToPath(import.meta.url)), "verify-worker.ts");

/**
 * Verifies a resting home in a process of its own: LevelDB ends its process when a damaged table file puts its keys out of order, and
 * the verdict must come all the same.
 */
export function verifyResting(root: string): Promise<VerifyReply> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [childProgram, root], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    let errors = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
    });
    child.stderr.on("data", (part: Buffer) => {
      errors = (errors + part.toString()).slice(-10_000);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const replies = text.split("\n").filter((line) => line !== "");
      const last = replies.map((line) => JSON.parse(line) as VerifyReply | { fault: AppError }).at(-1);
      if (last !== undefined && "fault" in last) reject(new AppError(last.fault));
      else if (signal === null && code === 0 && last !== undefined) resolve(last);
      else resolve(broken(last, `LevelDB gave up over damaged files: ${errors.trim().split("\n").at(-1) ?? ""}`));
    });
  });
}

/** What is known when the process ended early: the log's verdict, if it came to that, and that the rest cannot be read. */
function broken(log: VerifyReply | undefined, problem: string): VerifyReply {
  if (log !== undefined) return { ...log, store: { records: 0, damaged: [], problem } };
  return { ok: false, size: 0, rootHash: "", problem, elapsedMs: 0 };
}

/** Has the running appliance, which owns the databases, verify them. */
export async function verifyRunning(root: string, config: Config): Promise<VerifyReply> {
  const { consoleHost, consolePort, tlsCertPath } = config.appliance;
  const secure = !isLoopback(consoleHost);
  const host = consoleHost === "0.0.0.0" ? "127.0.0.1" : consoleHost === "::" ? "::1" : consoleHost;
  const certificate = tlsCertPath || consoleCertPath(root);
  const options: https.RequestOptions = {
    host,
    port: consolePort,
    path: "/api/audit/verify",
    method: "POST",
    timeout: ANSWER_WITHIN_MS,
    headers: { authorization: `Bearer ${readSecret(localTokenPath(root))}` },
    // The very certificate in our own folder is trusted, whatever names it bears.
    ...(secure && existsSync(certificate)
      ? { ca: readFileSync(certificate), checkServerIdentity: () => undefined }
      : {}),
  };
  const { status, text } = await send(options, secure);
  const body: unknown = JSON.parse(text);
  if (status !== 200 || !Value.Check(VerifyReplySchema, body)) {
    const { error } = body as { error?: { message?: string; hint?: string } };
    throw new AppError({
      code: "verify-refused",
      message: `the running appliance did not verify: ${error?.message ?? `HTTP ${status}`}`,
      hint: error?.hint ?? "stop the appliance and run the command again",
    });
  }
  return body;
}

function send(
  options: https.RequestOptions,
  secure: boolean,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void =>
      reject(
        new AppError({
          code: "appliance-unreachable",
          message: `the databases are in use, but the appliance does not answer: ${cause.message}`,
          hint: "wait until it has started, or stop it, and run the command again",
          cause,
        }),
      );
    const request = (secure ? https : http).request(options, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (part: string) => {
        text += part;
        if (text.length > ANSWER_MAX_BYTES) request.destroy(new Error("its answer is too long"));
      });
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, text }));
      reply.on("error", failed);
    });
    request.on("timeout", () => request.destroy(new Error("it took too long")));
    request.on("error", failed);
    request.end();
  });
}
