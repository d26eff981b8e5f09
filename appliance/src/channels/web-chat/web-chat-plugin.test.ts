import type { ChatClientMessage, ChatServerMessage } from "@intramuros/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { serveTestRooms, type TestServer } from "../../conversation/test-rooms-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await serveTestRooms({
    config: { appliance: { maxUploadBytes: 20_000, chatOrigins: ["https://bank.example"] } },
  });
});
afterAll(() => server.close());

type OfType<T extends ChatServerMessage["type"]> = Extract<ChatServerMessage, { type: T }>;
interface Browser {
  readonly heard: ChatServerMessage[];
  send(message: ChatClientMessage | string): void;
  /** The next message of the type that has not been waited for yet. */
  next<T extends ChatServerMessage["type"]>(type: T): Promise<OfType<T>>;
  lineOf(who: string): Promise<OfType<"line">["line"]>;
  readonly closed: Promise<number>;
  close(): void;
}

async function openChat(headers: Record<string, string> = { origin: "https://bank.example" }): Promise<Browser> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/chat/socket`, { headers });
  const heard: ChatServerMessage[] = [];
  const used = new Set<ChatServerMessage>();
  const wakes: (() => void)[] = [];
  socket.on("message", (data) => {
    heard.push(JSON.parse(String(data)) as ChatServerMessage);
    for (const wake of wakes.splice(0)) wake();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  const waitFor = async <M extends ChatServerMessage>(
    fits: (message: ChatServerMessage) => message is M,
  ): Promise<M> => {
    const deadline = Date.now() + 5_000;
    for (;;) {
      const found = heard.find((message): message is M => !used.has(message) && fits(message));
      if (found !== undefined) {
        used.add(found);
        return found;
      }
      if (Date.now() > deadline) throw new Error(`not heard; heard ${JSON.stringify(heard)}`);
      await new Promise<void>((resolve) => {
        wakes.push(resolve);
        setTimeout(resolve, 200);
      });
    }
  };
  return {
    heard,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    next: <T extends ChatServerMessage["type"]>(type: T) =>
      waitFor((message): message is OfType<T> => message.type === type),
    lineOf: async (who) =>
      (await waitFor((message): message is OfType<"line"> => message.type === "line" && message.line.who === who)).line,
    close: () => socket.close(),
  };
}

test("a visitor is greeted by an AI, asks, and gets the answer with his own id on his line", async () => {
  const browser = await openChat();
  browser.send({ type: "hello", language: "en" });
  const welcome = await browser.next("welcome");
  expect(welcome.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(welcome.conversationId).toBeUndefined();
  expect(welcome.lines).toMatchObject([{ seq: 0, who: "assistant", text: expect.stringContaining("AI assistant") }]);
  browser.send({ type: "text", clientId: "c1", text: "What is my transfer limit?" });
  await browser.next("typing");
  expect(await browser.lineOf("customer")).toMatchObject({ clientId: "c1" });
  await browser.lineOf("assistant"); // the greeting again, now as a line of the conversation
  expect((await browser.lineOf("assistant")).text).toContain("50,000");
  browser.close();
});

test("after a reload only the missed lines come, and nothing of emotion or policy ever does", async () => {
  const first = await openChat();
  first.send({ type: "hello", language: "zh" });
  const { token } = await first.next("welcome");
  first.send({ type: "text", clientId: "c1", text: "我的转账限额是多少？" });
  const line = await first.lineOf("customer");
  first.close();
  const conversationId =
    (first.heard.find((message) => message.type === "line") as OfType<"line">).conversationId ?? "";
  const again = await openChat();
  again.send({ type: "hello", token, conversationId, afterSeq: line.seq });
  const welcome = await again.next("welcome");
  expect(welcome).toMatchObject({ token, conversationId, language: "zh" });
  expect(welcome.lines.map((item) => item.who)).toEqual(["assistant"]);
  expect(welcome.lines[0]?.text).toContain("五万");
  const elsewhere = await openChat();
  elsewhere.send({ type: "hello", token, conversationId: "another", afterSeq: 99 });
  expect((await elsewhere.next("welcome")).lines.map((item) => item.who)).toEqual([
    "assistant",
    "customer",
    "assistant",
  ]);
  expect(JSON.stringify([first.heard, welcome])).not.toMatch(/emotion|policy|score/);
  again.close();
  elsewhere.close();
});

test("an unknown token is not believed: the visitor gets a new one", async () => {
  const browser = await openChat();
  const invented = "A".repeat(43);
  browser.send({ type: "hello", token: invented });
  expect((await browser.next("welcome")).token).not.toBe(invented);
  browser.close();
});

test("a page of another site, and a program without an origin, are refused", async () => {
  await expect(openChat({ origin: "https://evil.example" })).rejects.toThrow("403");
  await expect(openChat({})).rejects.toThrow("403");
  const own = await openChat({ origin: server.url });
  own.send({ type: "hello" });
  await own.next("welcome");
  own.close();
});

test("what is no message is refused, and too many messages are", async () => {
  const browser = await openChat();
  browser.send("not json");
  expect((await browser.next("refused")).code).toBe("invalid");
  browser.send({ type: "text", clientId: "c0", text: "before hello" });
  expect((await browser.next("refused")).code).toBe("hello-first");
  browser.send({ type: "hello", language: "en" });
  await browser.next("welcome");
  for (let n = 0; n < 14; n += 1) browser.send({ type: "text", clientId: `m${n}`, text: "limit" });
  expect((await browser.next("refused")).code).toBe("too-fast");
  browser.send(`{"type":"text","clientId":"x","text":"${"y".repeat(20_000)}"}`);
  expect(await browser.closed).toBe(1009);
});

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(3_000, 7)]);
const upload = (token: string, body: Buffer, name: string): Promise<Response> => {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(body)]), name);
  return fetch(`${server.url}/chat/files`, {
    method: "POST",
    body: form,
    headers: { origin: "https://bank.example", authorization: `Bearer ${token}` },
  });
};

test("a file is kept sealed, and only its sender and the desk can read it", async () => {
  const browser = await openChat();
  browser.send({ type: "hello", language: "en" });
  const { token } = await browser.next("welcome");
  const reply = await upload(token, png, "../../etc/Card photo.exe");
  expect(reply.status).toBe(201);
  expect(reply.headers.get("access-control-allow-origin")).toBe("https://bank.example");
  const { file } = (await reply.json()) as { file: { id: string; name: string; mediaType: string } };
  expect(file).toMatchObject({ name: "Card photo.png", mediaType: "image/png" });
  expect(await browser.lineOf("customer")).toMatchObject({ file: { id: file.id, sizeBytes: png.length } });

  const { readFileSync, readdirSync } = await import("node:fs");
  const [name] = readdirSync(`${server.root}/uploads`);
  expect(readFileSync(`${server.root}/uploads/${name}`).includes(png.subarray(0, 64))).toBe(false);

  const own = await fetch(`${server.url}/chat/files/${file.id}`, { headers: { authorization: `Bearer ${token}` } });
  expect(Buffer.from(await own.arrayBuffer()).equals(png)).toBe(true);
  expect(own.headers.get("content-disposition")).toContain("attachment");
  const stranger = await openChat();
  stranger.send({ type: "hello" });
  const other = (await stranger.next("welcome")).token;
  expect(
    (await fetch(`${server.url}/chat/files/${file.id}`, { headers: { authorization: `Bearer ${other}` } })).status,
  ).toBe(404);
  expect((await fetch(`${server.url}/api/files/${file.id}`)).status).toBe(401);
  const desk = await fetch(`${server.url}/api/files/${file.id}`, { headers: { "x-role": "agent" } });
  expect(Buffer.from(await desk.arrayBuffer()).equals(png)).toBe(true);
  expect(server.audited.at(-1)).toMatchObject({ code: "file.viewed", object: `file:${file.id}` });
  expect(server.audited.map((entry) => entry.code)).toContain("chat.file-received");
  browser.close();
  stranger.close();
});

test("a program, a page, an empty and a too large file are refused and leave nothing behind", async () => {
  const browser = await openChat();
  browser.send({ type: "hello" });
  const { token } = await browser.next("welcome");
  const { readdirSync } = await import("node:fs");
  const before = readdirSync(`${server.root}/uploads`).length;
  expect((await upload(token, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1]), "a.png")).status).toBe(415);
  expect((await upload(token, Buffer.from("<!doctype html><script>1</script>"), "a.txt")).status).toBe(415);
  expect((await upload(token, Buffer.alloc(0), "a.txt")).status).toBe(400);
  expect((await upload(token, Buffer.concat([png, Buffer.alloc(30_000)]), "a.png")).status).toBe(413);
  expect((await upload("B".repeat(43), png, "a.png")).status).toBe(401);
  expect(readdirSync(`${server.root}/uploads`)).toHaveLength(before);
  browser.close();
});

test("a person of the console answers in the chat, and the auditor may not", async () => {
  const browser = await openChat();
  browser.send({ type: "hello", language: "en" });
  await browser.next("welcome");
  browser.send({ type: "text", clientId: "c1", text: "agent please" });
  const { conversationId = "" } = await browser.next("line");
  await browser.lineOf("assistant");
  const url = `/api/conversations/${conversationId}/messages`;
  expect((await server.call("POST", url, { text: "hello" }, "auditor")).status).toBe(403);
  const sent = await server.call("POST", url, { text: "Hello, this is Li." }, "agent");
  expect(sent.status).toBe(201);
  expect(await browser.lineOf("system")).toMatchObject({ text: "Test agent" });
  expect(await browser.lineOf("agent")).toMatchObject({ text: "Hello, this is Li." });
  expect(server.audited.at(-1)).toMatchObject({ code: "message.sent", actor: "user:agent" });
  browser.send({ type: "end" });
  await browser.next("ended");
  const late = await server.call("POST", url, { text: "late" }, "agent");
  expect(late).toMatchObject({ status: 409, body: { error: { code: "conversation-not-writable" } } });
  browser.close();
});

test("one address cannot open chats without end", async () => {
  const opened: Browser[] = [];
  const refused: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    const browser = await openChat();
    opened.push(browser);
    void browser.closed.then((code) => refused.push(code));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(refused.length).toBeGreaterThanOrEqual(5);
  expect(new Set(refused)).toEqual(new Set([1013]));
  for (const browser of opened) browser.close();
});

test("the widget is small and the page around it runs nothing inline", async () => {
  const widget = await fetch(`${server.url}/chat/widget.js`);
  expect(widget.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect((await widget.arrayBuffer()).byteLength).toBeLessThan(25 * 1024);
  const page = await fetch(`${server.url}/chat/`);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(await page.text()).toContain('<script src="/chat/widget.js" async></script>');
});
