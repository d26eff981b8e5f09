import { randomBytes, randomUUID } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { AppError, type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import {
  bytesOf,
  header,
  headerOf,
  makeRequest,
  makeResponse,
  parseMessage,
  parseNameAddr,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serialise,
  textOf,
} from "../server/message/index.ts";
import {
  ackForFailure,
  BRANCH_COOKIE,
  type Client,
  type ClientInput,
  type ClientOutput,
  type InviteClient,
  type InviteClientInput,
  type InviteClientOutput,
  SIP_TIMERS,
  startClient,
  startInviteClient,
  stepClient,
  stepInviteClient,
} from "../server/transaction/index.ts";

/** One line of the ladder: what passed, when, which way. */
export interface LadderLine {
  readonly atMs: number;
  readonly direction: "→" | "←";
  readonly line: string;
}

export type InviteOutcome =
  | { readonly type: "answered"; readonly sdp: string; readonly setupMs: number }
  | { readonly type: "refused"; readonly status: number; readonly reason: string }
  | { readonly type: "unreachable"; readonly reason: string };

/** A SIP phone for one call over UDP, on the SIP server's own message and transaction rooms. */
export interface SipCaller {
  readonly callId: string;
  readonly ladder: readonly LadderLine[];
  invite(sdp: string): Promise<InviteOutcome>;
  /** Resolves when the other side ends the call. */
  readonly remoteEnded: Promise<void>;
  /** Ends an answered call. Resolves on the final response, or after 32 s without one. */
  bye(): Promise<void>;
  close(): void;
}

interface Running<State, Input> {
  state: State;
  step(state: State, input: Input | Wake, now: MonoMs): Step<State, { readonly type: string }>;
  timer: NodeJS.Timeout | null;
  perform(output: string): void;
}

export async function openSipCaller(options: {
  readonly server: { readonly host: string; readonly port: number };
  readonly localAddress: string;
  readonly to: string;
}): Promise<SipCaller> {
  const { server, localAddress, to } = options;
  const socket = await bind(localAddress, server);
  const localPort = socket.address().port;
  const startedAt = performance.now();
  const callId = randomUUID();
  const fromTag = randomBytes(6).toString("hex");
  const ladder: LadderLine[] = [];
  const transaction = { reliable: false, timers: SIP_TIMERS };
  let cseq = 1;
  let remoteTarget = `sip:${to}@${server.host}:${server.port}`;
  let toValue = `<sip:${to}@${server.host}>`;
  let inviteRun: Running<InviteClient, InviteClientInput> | null = null;
  let byeRun: Running<Client, ClientInput> | null = null;
  let lastAck: SipRequest | null = null;
  let onInviteResponse: (response: SipResponse | "timeout" | "fault") => void = () => {};
  let onByeEnd: () => void = () => {};
  let endRemote: () => void = () => {};
  const remoteEnded = new Promise<void>((resolve) => {
    endRemote = resolve;
  });

  const note = (direction: LadderLine["direction"], message: SipMessage): void => {
    const what =
      message.kind === "request"
        ? message.method
        : `${message.status} ${message.reason} (${(headerOf(message, "cseq") ?? "").split(" ")[1] ?? ""})`;
    const sdp = message.body.length > 0 ? " · SDP" : "";
    ladder.push({
      atMs: Math.round((performance.now() - startedAt) * 10) / 10,
      direction,
      line: `${textOf(what)}${sdp}`,
    });
  };
  const send = (message: SipMessage): void => {
    note("→", message);
    socket.send(serialise(message));
  };

  function run<State, Input>(machine: Running<State, Input>, result: Step<State, { readonly type: string }>): void {
    machine.state = result.state;
    if (machine.timer !== null) clearTimeout(machine.timer);
    machine.timer =
      result.wakeAt === null
        ? null
        : setTimeout(
            () => run(machine, machine.step(machine.state, { type: "wake" }, monoMs(performance.now()))),
            Math.max(0, result.wakeAt - performance.now()),
          );
    for (const output of result.outputs) machine.perform(output.type);
  }

  const request = (
    method: string,
    uri: string,
    number: number,
    extra: readonly SipHeader[],
    body?: string,
  ): SipRequest =>
    makeRequest({
      method,
      uri,
      headers: [
        header(
          "Via",
          `SIP/2.0/UDP ${localAddress}:${localPort};rport;branch=${BRANCH_COOKIE}${randomBytes(9).toString("base64url")}`,
        ),
        header("Max-Forwards", "70"),
        header("From", `"Commissioning" <sip:commissioning@${localAddress}>;tag=${fromTag}`),
        header("To", toValue),
        header("Call-ID", callId),
        header("CSeq", `${number} ${method}`),
        ...extra,
      ],
      ...(body === undefined ? {} : { body: Buffer.from(bytesOf(body), "latin1") }),
    });
  const contact = header("Contact", `<sip:commissioning@${localAddress}:${localPort}>`);

  const ack2xx = (response: SipResponse): void => {
    toValue = headerOf(response, "to") ?? toValue;
    const answered = parseNameAddr(headerOf(response, "contact") ?? "");
    if (answered !== null) remoteTarget = answered.uri;
    lastAck ??= request("ACK", remoteTarget, 1, []);
    send(lastAck);
  };

  const onRequest = (message: SipRequest): void => {
    if (message.method === "ACK") return;
    const known = message.method === "BYE" || message.method === "OPTIONS";
    send(
      makeResponse(
        message,
        known
          ? { status: 200, reason: "OK", toTag: fromTag }
          : { status: 488, reason: "Not Acceptable Here", toTag: fromTag },
      ),
    );
    if (message.method === "BYE") endRemote();
  };

  const onResponse = (response: SipResponse): void => {
    const method = (headerOf(response, "cseq") ?? "").trim().split(/\s+/)[1];
    const now = monoMs(performance.now());
    const input = { type: "response", status: response.status } as const;
    if (method === "INVITE" && inviteRun !== null) {
      current = response;
      run(inviteRun, stepInviteClient(inviteRun.state, input, now, transaction));
    } else if (method === "BYE" && byeRun !== null) {
      if (response.status >= 200) onByeEnd();
      run(byeRun, stepClient(byeRun.state, input, now, transaction));
    }
  };
  let current: SipResponse | null = null;

  socket.on("message", (bytes) => {
    const message = parseMessage(bytes);
    if (message.kind === "fault" || headerOf(message, "call-id") !== callId) return;
    note("←", message);
    if (message.kind === "request") onRequest(message);
    else onResponse(message);
  });
  // A closed port answers with ICMP; the transaction's own time-out would tell only after 32 s.
  socket.on("error", () => onInviteResponse("fault"));

  return {
    callId,
    ladder,
    remoteEnded,
    invite(sdp) {
      const invite = request(
        "INVITE",
        remoteTarget,
        cseq++,
        [contact, header("Content-Type", "application/sdp"), header("Allow", "INVITE, ACK, BYE, OPTIONS")],
        sdp,
      );
      return new Promise<InviteOutcome>((resolve) => {
        onInviteResponse = (response) => {
          if (response === "timeout") resolve({ type: "unreachable", reason: "no answer to INVITE within 32 s" });
          else if (response === "fault") resolve({ type: "unreachable", reason: "nothing listens there" });
          else if (response.status >= 300)
            resolve({ type: "refused", status: response.status, reason: textOf(response.reason) });
          else if (response.status >= 200)
            resolve({ type: "answered", sdp: response.body.toString("utf8"), setupMs: performance.now() - startedAt });
        };
        inviteRun = {
          state: { at: "terminated" },
          step: (state, input, now) => stepInviteClient(state, input, now, transaction),
          timer: null,
          perform(output) {
            switch (output as InviteClientOutput["type"]) {
              case "send":
                send(invite);
                break;
              case "ack":
                if (current !== null) send(ackForFailure(invite, current));
                break;
              case "pass":
                if (current !== null && current.status >= 200 && current.status < 300) ack2xx(current);
                if (current !== null) onInviteResponse(current);
                break;
              case "timeout":
                onInviteResponse("timeout");
                break;
              case "fault":
                onInviteResponse("fault");
                break;
            }
          },
        };
        run(inviteRun, startInviteClient(monoMs(performance.now()), transaction));
      });
    },
    bye() {
      const bye = request("BYE", remoteTarget, cseq++, []);
      return new Promise<void>((resolve) => {
        onByeEnd = resolve;
        byeRun = {
          state: { at: "terminated" },
          step: (state, input, now) => stepClient(state, input, now, transaction),
          timer: null,
          perform(output) {
            switch (output as ClientOutput["type"]) {
              case "send":
                send(bye);
                break;
              case "timeout":
              case "fault":
                resolve();
                break;
              case "pass":
                break;
            }
          },
        };
        run(byeRun, startClient(monoMs(performance.now()), transaction));
      });
    },
    close() {
      for (const machine of [inviteRun, byeRun]) if (machine?.timer != null) clearTimeout(machine.timer);
      socket.close();
    },
  };
}

/** Connected, so that a closed port shows as an error at once (ICMP) and no stranger is heard. */
function bind(address: string, server: { readonly host: string; readonly port: number }): Promise<Socket> {
  const socket = createSocket("udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", (cause) =>
      reject(
        new AppError({
          code: "address-unusable",
          message: `cannot open a UDP socket on ${address}`,
          hint: "choose a server address of this machine with --server",
          cause,
        }),
      ),
    );
    socket.bind(0, address, () => {
      socket.connect(server.port, server.host, () => {
        socket.removeAllListeners("error");
        resolve(socket);
      });
    });
  });
}
