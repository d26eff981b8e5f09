import { randomUUID } from "node:crypto";
import { type Logger, unixMs } from "@intramuros/contracts";
import { addressOfRecord, ownContact, registerDestination } from "../trunk/outbound.ts";
import { newRegistration, type Registration, type RegistrationInput, step } from "../trunk/registration.ts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import { contactsOfHeader } from "./sip-fields.ts";
import type { TrunkCaller, TrunkReply } from "./trunk-caller-driver.ts";

/** Runs our registration with one PBX: REGISTER, its timer, and the way out. */
export interface OurRegistration {
  readonly state: Registration;
  /** The SIP server is back. */
  retry(): void;
  /** Unregisters, if there is something to unregister; resolves when the PBX said so, or could not. */
  remove(): Promise<void>;
  /** No more timers; what the PBX keeps of us runs out by itself. */
  stop(): void;
}

const REGISTER_TIMEOUT_MS = 8000;
const FIRST_CSEQ_SHIFT = 1000;

export function startRegistration(options: {
  readonly trunk: TrunkMessage;
  readonly line: string;
  readonly caller: TrunkCaller;
  readonly log: Logger;
  readonly onChanged: () => void;
}): OurRegistration {
  const { trunk, line, caller, log, onChanged } = options;
  const callId = randomUUID();
  let cseq = Math.trunc(Date.now() / FIRST_CSEQ_SHIFT) & 0x7fff_ffff;
  let state = newRegistration(trunk.account.expiresSeconds, unixMs(Date.now()));
  let timer: NodeJS.Timeout | null = null;
  let whenGone: (() => void) | null = null;
  let isStopped = false;

  const take = (input: RegistrationInput): void => {
    if (isStopped) return;
    const made = step(state, input, unixMs(Date.now()), { peers: trunk.peers.length, random: Math.random() });
    state = made.state;
    if (timer !== null) clearTimeout(timer);
    timer =
      made.wakeAt === null ? null : setTimeout(() => take({ type: "wake" }), Math.max(10, made.wakeAt - Date.now()));
    for (const output of made.outputs) send(output.peer, output.expiresSeconds);
    if (made.changed) {
      log.info(
        { trunkId: trunk.id, at: state.at, sipCode: state.lastCode, problem: state.problem },
        "our registration changed",
      );
      onChanged();
    }
    if (state.at === "gone") whenGone?.();
  };

  const send = (index: number, expiresSeconds: number): void => {
    const peer = trunk.peers[index];
    if (peer === undefined) {
      queueMicrotask(() => take({ type: "silent", problem: "the trunk has no peer" }));
      return;
    }
    const address = addressOfRecord(trunk, peer);
    const contact = ownContact(trunk, peer, line);
    cseq += 3; // a challenge takes the next one
    caller
      .request(trunk, {
        method: "REGISTER",
        destination: registerDestination(trunk, peer),
        headers: {
          From: `<${address}>`,
          To: `<${address}>`,
          "Call-ID": callId,
          CSeq: `${cseq} REGISTER`,
          Contact: `${contact};expires=${expiresSeconds}`,
          Expires: String(expiresSeconds),
          Supported: "path",
        },
        timeoutMs: REGISTER_TIMEOUT_MS,
      })
      .then((reply) => take(inputOf(reply, { line, asked: expiresSeconds })))
      .catch((error: unknown) =>
        take({ type: "silent", problem: error instanceof Error ? error.message : "not sent" }),
      );
  };

  // From the next turn on, so that the caller of this holds what `onChanged` asks for.
  setImmediate(() => take({ type: "wake" }));
  return {
    get state() {
      return state;
    },
    retry: () => take({ type: "retry" }),
    async remove() {
      const gone = new Promise<void>((resolve) => {
        whenGone = resolve;
      });
      take({ type: "remove" });
      if (state.at !== "gone") await gone;
      isStopped = true;
    },
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function inputOf(reply: TrunkReply, given: { readonly line: string; readonly asked: number }): RegistrationInput {
  if (reply.type !== "answered") return { type: reply.type, problem: reply.problem };
  const { sipCode, header } = reply;
  if (sipCode >= 200 && sipCode < 300) {
    return { type: "granted", seconds: grantedOf(header("contact"), header("expires"), given) };
  }
  const least = Number(header("min-expires") ?? "");
  if (sipCode === 423 && Number.isInteger(least) && least > 0) return { type: "brief", minExpires: least };
  const wait = /^\s*([0-9]{1,6})/.exec(header("retry-after") ?? "");
  const problem = reply.challengeProblem || `REGISTER was answered with ${sipCode} ${reply.reason}`.trim();
  return { type: "refused", sipCode, problem, retryAfterSeconds: wait === null ? null : Number(wait[1]) };
}

/** The PBX lists all contacts of the account: ours is the one with our line. */
function grantedOf(
  contact: string | undefined,
  expires: string | undefined,
  { line, asked }: { readonly line: string; readonly asked: number },
): number {
  const all = contactsOfHeader(contact, expires ?? String(asked));
  const ours = all.find(({ uri }) => uri.includes(`line=${line}`)) ?? (all.length === 1 ? all[0] : undefined);
  return Math.max(1, ours?.expiresSeconds ?? (Number.parseInt(expires ?? "", 10) || asked));
}
