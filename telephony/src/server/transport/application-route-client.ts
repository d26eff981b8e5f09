import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { parseRouteAnswer, type RouteAnswer } from "../control/route-answer.ts";

/** Asks a site's own HTTP service whose a request is (protocol §13). Bounded in time, bytes and redirections; never rejects. */
export interface RouteQuestion {
  readonly url: string;
  readonly httpMethod: "GET" | "POST";
  readonly query: readonly (readonly [string, string])[];
  /** The SIP message as a byte string, for POST. */
  readonly body: string | null;
  readonly userAgent: string;
}

const CONNECT_MS = 2000;
const TOTAL_MS = 3000;
const MAX_REDIRECTS = 3;
const MAX_ANSWER_BYTES = 65_536;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export async function askRoute(question: RouteQuestion): Promise<RouteAnswer> {
  const deadline = performance.now() + TOTAL_MS;
  try {
    let url = new URL(question.url);
    for (const [name, value] of question.query) url.searchParams.append(name, value);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const reply = await fetchOnce(url, question, deadline);
      if (reply.location === null) return reply.status === 200 ? parseRouteAnswer(reply.body) : { type: "fault" };
      url = new URL(reply.location, url);
    }
    return { type: "fault" };
  } catch {
    return { type: "unreachable" };
  }
}

interface Reply {
  readonly status: number;
  readonly location: string | null;
  readonly body: string;
}

function fetchOnce(url: URL, { httpMethod, body, userAgent }: RouteQuestion, deadline: number): Promise<Reply> {
  if (url.protocol !== "http:" && url.protocol !== "https:") return Promise.reject(new Error("not HTTP"));
  const content = body === null ? null : Buffer.from(body, "latin1");
  const headers = {
    Accept: "application/json",
    "User-Agent": userAgent,
    ...(content === null ? {} : { "Content-Type": "text/plain; charset=UTF-8", "Content-Length": content.length }),
  };
  const timers: NodeJS.Timeout[] = [];
  const reply = new Promise<Reply>((resolve, reject) => {
    const asked = (url.protocol === "http:" ? httpRequest : httpsRequest)(
      url,
      { method: httpMethod, headers, agent: false },
      (response) => read(response, resolve, reject),
    );
    const give = (why: string): void => void asked.destroy(new Error(why));
    const connecting = setTimeout(give, CONNECT_MS, "no connection in time");
    timers.push(connecting, setTimeout(give, Math.max(1, deadline - performance.now()), "no answer in time"));
    asked.on("socket", (socket) =>
      socket.once(url.protocol === "http:" ? "connect" : "secureConnect", () => clearTimeout(connecting)),
    );
    asked.on("error", reject);
    asked.end(content ?? undefined);
  });
  return reply.finally(() => {
    for (const timer of timers) clearTimeout(timer);
  });
}

function read(response: IncomingMessage, resolve: (reply: Reply) => void, reject: (error: Error) => void): void {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (REDIRECTS.has(status) && location !== undefined) {
    response.destroy();
    resolve({ status, location, body: "" });
    return;
  }
  let body = "";
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    body += chunk;
    if (body.length > MAX_ANSWER_BYTES) response.destroy(new Error("too long an answer"));
  });
  response.on("error", reject);
  response.on("close", () => reject(new Error("the answer was cut off"))); // no more than a word when it was whole
  response.on("end", () => resolve({ status, location: null, body }));
}
