import { type MonoMs, monoMs } from "@intramuros/contracts";
import type { AppMessage } from "../control/command.ts";
import { passHeaders } from "../control/compose.ts";
import { okFrame, proxiedResponseFrame } from "../control/tell.ts";
import {
  header,
  headerOf,
  makeResponse,
  messageText,
  paramOf,
  parseUri,
  reasonOf,
  type SipHeader,
  type SipResponse,
} from "../message/index.ts";
import {
  challengesOf,
  contactsOf,
  durationMs,
  forwardedRequest,
  hopsOf,
  isLooped,
  loopSeal,
  proxyDemands,
  type SearchConfig,
  type SearchInput,
  type SearchOutput,
  startSearch,
  stepSearch,
  withoutTopVia,
} from "../proxy/index.ts";
import { BRANCH_COOKIE, giveUpMs } from "../transaction/index.ts";
import { reopen } from "./app-response.ts";
import { cancelInvite, openClientTransaction, startTransaction } from "./client-transactions.ts";
import { frameId, localMeta, networkMeta, nok, ownHostport, sleep, tell, topVia } from "./effects.ts";
import { findWays, isOwn, registeredFlow } from "./next-hop.ts";
import { rememberContact } from "./registered-contacts.ts";
import { endUnwanted } from "./responses.ts";
import { isOurPlace, ownRoute } from "./route-seal.ts";
import { inviteKeyOf, respondSelf, respondText } from "./server-transactions.ts";
import type { BranchResponse, ClientTransaction, CoreState, Flow, ProxiedRequest, ServerTransaction } from "./state.ts";

/** Requests that an application hands to us as a stateful proxy (protocol §8); which branch gets what is `../proxy/search.ts`. */

const TIMER_C_MS = 185_000;
const AFFINITY_MS = 2000;
const MAX_AFFINITIES = 10_000;
const MAX_TARGETS = 20;
const TAKEN: ReadonlySet<string> = new Set([
  ...["from", "to", "call-id", "cseq", "max-forwards", "contact", "content-type", "require", "proxy-require"],
]);

export interface ProxyCommand {
  readonly client: number;
  readonly id: string;
  readonly transactionId: string;
  readonly remainInDialog: boolean;
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly parallel: boolean;
  readonly provisionalTimeout: string;
  readonly finalTimeout: string;
  readonly targets: readonly string[];
  readonly message: AppMessage | null;
}

export function onProxy(core: CoreState, command: ProxyCommand): void {
  const { client, id } = command;
  const upstream = core.serverById.get(command.transactionId);
  if (upstream === undefined || upstream.client !== client || upstream.dialog !== null) {
    nok(core, client, id, `Unknown transaction id: ${command.transactionId}`);
    return;
  }
  const targets = command.targets
    .slice(0, MAX_TARGETS)
    .map((target) => /<([^>]*)>/.exec(target)?.[1] ?? target)
    .filter((target) => parseUri(target) !== null);
  const refusal = refusalOf(core, upstream, targets);
  if (refusal !== null) {
    respondSelf(core, upstream, refusal.status, refusal.headers);
    nok(core, client, id, refusal.text);
    return;
  }
  const { request } = upstream;
  const config: SearchConfig = {
    parallel: command.parallel,
    followRedirects: command.followRedirects,
    isInvite: upstream.method === "INVITE",
    provisionalMs: durationMs(command.provisionalTimeout),
    finalMs: durationMs(command.finalTimeout),
    timerCMs: TIMER_C_MS,
  };
  const proxied: ProxiedRequest = {
    kind: "search",
    search: { at: "searching", queue: [], branches: [] },
    config,
    upstream,
    request,
    client,
    commandId: id,
    fullResponse: command.fullResponse,
    remainInDialog: command.remainInDialog,
    extra: command.message?.headers ?? [],
    branches: [],
    inputs: null,
    rseqs: [],
    removeAt: null,
    wakeAt: null,
    queuedAt: null,
  };
  // From here on the application has no say in it, and the search its own time limits.
  upstream.client = null;
  upstream.proxied = proxied;
  upstream.answered = true;
  upstream.answerBy = null;
  if (!command.fullResponse) tell(core, client, okFrame(frameId(core), id, "done"));
  const known = affinityOf(core, request.headers);
  const started = startSearch(known === null ? targets : [known], core.now, config);
  perform(core, proxied, started.state, started.outputs, started.wakeAt);
}

interface Refusal {
  readonly status: number;
  readonly headers: readonly SipHeader[];
  readonly text: string;
}

/** RFC 3261 §16.3: what a proxy must not forward. */
function refusalOf(core: CoreState, upstream: ServerTransaction, targets: readonly string[]): Refusal | null {
  const { request, fields } = upstream;
  if (hopsOf(request) <= 0) {
    const text = "Rejected with 483 Too Many Hops due to Max-Forwards value of 0";
    return { status: 483, headers: [], text };
  }
  if (isLooped(request, loopSeal(core.config.secret, request, fields), (host, port) => isOurPlace(core, host, port))) {
    return { status: 482, headers: [], text: "Rejected with 482 Loop Detected" };
  }
  const demands = proxyDemands(request);
  if (demands.length > 0) {
    const headers = [header("Unsupported", demands.join(", "))];
    return { status: 420, headers, text: "Rejected with 420 Bad Extension" };
  }
  if (targets.length === 0) return { status: 500, headers: [], text: "error proxying request to " };
  return null;
}

/** Takes one input; those that its outputs cause come after it. */
function advance(core: CoreState, proxied: ProxiedRequest, input: SearchInput | { readonly type: "wake" }): void {
  if (proxied.inputs !== null) {
    proxied.inputs.push(input);
    return;
  }
  const step = stepSearch(proxied.search, input, core.now, proxied.config);
  perform(core, proxied, step.state, step.outputs, step.wakeAt);
}

function perform(
  core: CoreState,
  proxied: ProxiedRequest,
  state: ProxiedRequest["search"],
  outputs: readonly SearchOutput[],
  wakeAt: MonoMs | null,
): void {
  const inputs: (SearchInput | { readonly type: "wake" })[] = [];
  proxied.inputs = inputs;
  let next: { state: typeof state; outputs: readonly SearchOutput[]; wakeAt: MonoMs | null } | null;
  next = { state, outputs, wakeAt };
  while (next !== null) {
    proxied.search = next.state;
    for (const output of next.outputs) performOne(core, proxied, output);
    let at: MonoMs | null = next.wakeAt;
    if (isDecided(proxied) && proxied.rseqs.length > 0) {
      proxied.removeAt ??= monoMs(core.now + giveUpMs(core.config.timers));
      at = proxied.removeAt;
    }
    sleep(core, proxied, at);
    const input = inputs.shift();
    next = input === undefined ? null : stepSearch(proxied.search, input, core.now, proxied.config);
  }
  proxied.inputs = null;
}

const isDecided = ({ search }: ProxiedRequest): boolean => search.at === "over" || search.at === "answered";

function performOne(core: CoreState, proxied: ProxiedRequest, output: SearchOutput): void {
  switch (output.type) {
    case "open":
      openBranch(core, proxied, output.branch, output.target);
      return;
    case "cancel": {
      const transaction = proxied.branches[output.branch]?.transaction ?? null;
      if (transaction !== null && transaction.method === "INVITE") cancelInvite(core, transaction);
      return;
    }
    case "forward": {
      const response = proxied.branches[output.branch]?.response ?? null;
      if (response !== null) forward(core, proxied, response);
      return;
    }
    case "respond": {
      const response = output.branch === null ? null : (proxied.branches[output.branch]?.response ?? null);
      if (response === null) respondSelf(core, proxied.upstream, 408);
      else forward(core, proxied, bestOf(proxied, response));
      return;
    }
    case "undo": {
      const { transaction = null, arrival = null } = proxied.branches[output.branch] ?? {};
      if (transaction === null || arrival === null || transaction.method !== "INVITE") return;
      endUnwanted(core, transaction, arrival, "ACK-BYE due to cancel race condition");
      return;
    }
    case "done":
      if (proxied.fullResponse && core.clients.has(proxied.client)) {
        tell(core, proxied.client, okFrame(frameId(core), proxied.commandId, "done"));
      }
  }
}

function openBranch(core: CoreState, proxied: ProxiedRequest, index: number, target: string): void {
  proxied.branches[index] = { transaction: null, response: null, arrival: null };
  const uri = parseUri(target);
  const registered = uri === null ? null : registeredFlow(core, uri);
  if (registered !== null) {
    startBranch(core, proxied, index, target, registered, []);
    return;
  }
  if (uri === null) {
    failBranch(core, proxied, index, 503);
    return;
  }
  findWays(core, uri, (ways) => {
    if (proxied.search.branches[index]?.at === "left" || proxied.search.at === "cancelled") {
      failBranch(core, proxied, index, 408);
      return;
    }
    if (ways.type !== "flows") failBranch(core, proxied, index, 503);
    else if (isOwn(core, ways.first)) failBranch(core, proxied, index, 482);
    else startBranch(core, proxied, index, target, ways.first, ways.others);
  });
}

function startBranch(
  core: CoreState,
  proxied: ProxiedRequest,
  index: number,
  target: string,
  flow: Flow,
  others: readonly Flow[],
): void {
  const { upstream, request } = proxied;
  const asked = parseUri(request.uri);
  const isLocal = asked !== null && isOurPlace(core, asked.host, asked.port);
  const isRegister = upstream.method === "REGISTER";
  const routes = paramOf(parseUri(target)?.params ?? "", "lr") === null ? [] : [`<${target}>`];
  const towards = ownRoute(core, flow, upstream.fields.callId);
  const from = ownRoute(core, upstream.flow, upstream.fields.callId);
  // Two entries when the sides differ, so that each side finds a listener that it can reach (RFC 5658).
  const recordRoutes = towards === from ? [from] : [towards, from];
  const seal = loopSeal(core.config.secret, request, upstream.fields);
  const forwarded = forwardedRequest(request, {
    uri: isLocal && routes.length === 0 ? target : request.uri,
    via: topVia(core, flow, `${BRANCH_COOKIE}${core.ids.token()}.${seal}`),
    recordRoutes: proxied.remainInDialog && !isRegister ? recordRoutes : [],
    path: proxied.remainInDialog && isRegister ? from : null,
    routes,
    extra: passHeaders(
      { start: { kind: "request", method: request.method, uri: "" }, headers: proxied.extra, body: request.body },
      { taken: TAKEN, hostport: ownHostport(core, flow) },
    ),
  });
  const transaction =
    core.clientByKey.size >= core.config.maxTransactions
      ? null
      : openClientTransaction(core, { request: forwarded, flow, others, client: null, dialog: null });
  if (transaction === null) {
    failBranch(core, proxied, index, 503);
    return;
  }
  transaction.proxied = { by: proxied, branch: index };
  proxied.branches[index] = { transaction, response: null, arrival: null };
  startTransaction(core, transaction);
}

/** Nothing could be sent: as if the next hop had said so. */
function failBranch(core: CoreState, proxied: ProxiedRequest, index: number, status: number): void {
  const response = makeResponse(proxied.request, { status, reason: reasonOf(status), toTag: core.ids.token() });
  const own = header("Via", topVia(core, proxied.upstream.flow, BRANCH_COOKIE + core.ids.token()));
  proxied.branches[index] = {
    transaction: null,
    response: { ...response, headers: [own, ...response.headers] },
    arrival: null,
  };
  advance(core, proxied, { type: "final", branch: index, status, contacts: [] });
}

/** A response to a request that we forwarded; the transaction has seen it. */
export function onBranchResponse(core: CoreState, transaction: ClientTransaction, arrival: BranchResponse): void {
  const { proxied: place } = transaction;
  if (place === null) return;
  const { by: proxied, branch } = place;
  const { response, flow, bytes } = arrival;
  const { status } = response;
  proxied.branches[branch] = { transaction, response, arrival };
  if (status < 200) {
    advance(core, proxied, { type: "provisional", branch, status });
    return;
  }
  const isFirst = !transaction.final;
  transaction.final = true;
  core.clientById.delete(transaction.id);
  if (isFirst && proxied.fullResponse && proxied.search.at !== "over" && core.clients.has(proxied.client)) {
    const meta = bytes === 0 ? localMeta(core, flow) : networkMeta(core, flow, bytes);
    const message = messageText(response);
    tell(
      core,
      proxied.client,
      proxiedResponseFrame({ id: frameId(core), commandId: proxied.commandId, meta, message }),
    );
  }
  if (status === 401 || status === 407) rememberAffinity(core, proxied, branch, response);
  const contacts = status >= 300 && status < 400 ? contactsOf(response) : [];
  advance(core, proxied, { type: "final", branch, status, contacts });
}

/** The caller takes its INVITE back; it has been answered with 487. */
export const cancelSearch = (core: CoreState, proxied: ProxiedRequest): void =>
  advance(core, proxied, { type: "cancel" });

export function wakeSearch(core: CoreState, proxied: ProxiedRequest): void {
  if (proxied.removeAt !== null && core.now >= proxied.removeAt) {
    const key = inviteKeyOf(proxied.upstream.fields);
    if (core.searches.get(key) === proxied) core.searches.delete(key);
    sleep(core, proxied, null);
    return;
  }
  advance(core, proxied, { type: "wake" });
}

function forward(core: CoreState, proxied: ProxiedRequest, response: SipResponse): void {
  const mapped = response.status < 200 ? withOwnRSeq(core, proxied, response) : response;
  const upward = withoutTopVia(mapped);
  const { upstream } = proxied;
  // A phone that registers elsewhere by us is reached by the connection that it opened (protocol §12).
  const isGranted = upstream.method === "REGISTER" && response.status >= 200 && response.status < 300;
  if (isGranted && upstream.request.method === "REGISTER") rememberContact(core, upstream, response);
  if (reopen(core, upstream)) respondText(core, upstream, response.status, messageText(upward));
}

/**
 * Branches number their reliable responses each for itself; the caller, who may not tell them apart, gets one row of numbers (protocol
 * §8). Only while we stay in the path: else its PRACK would not come by us.
 */
function withOwnRSeq(core: CoreState, proxied: ProxiedRequest, response: SipResponse): SipResponse {
  const given = headerOf(response, "rseq");
  if (given === null || !proxied.remainInDialog || !/^\d{1,10}$/.test(given)) return response;
  const tag = /;\s*tag=([^;\s>]+)/i.exec(headerOf(response, "to") ?? "")?.[1] ?? "";
  const down = Number(given);
  let entry = proxied.rseqs.find((item) => item.tag === tag && item.down === down);
  if (entry === undefined) {
    const last = proxied.rseqs.at(-1);
    entry = { tag, down, up: last === undefined ? down : last.up + 1 };
    proxied.rseqs.push(entry);
    core.searches.set(inviteKeyOf(proxied.upstream.fields), proxied);
  }
  const up = String(entry.up);
  return {
    ...response,
    headers: response.headers.map((item) => (item.key === "rseq" ? header("RSeq", up) : item)),
  };
}

/** 503 of one next hop is not ours (RFC 3261 §16.7 step 6); all challenges go up together (step 7). */
function bestOf(proxied: ProxiedRequest, response: SipResponse): SipResponse {
  if (response.status === 503) return { ...response, status: 500, reason: reasonOf(500) };
  if (response.status !== 401 && response.status !== 407) return response;
  const others = proxied.branches.flatMap((branch) => {
    const other = branch.response;
    if (other === null || other === response || (other.status !== 401 && other.status !== 407)) return [];
    return other.headers.filter(({ key }) => key === "www-authenticate" || key === "proxy-authenticate");
  });
  return others.length === 0 ? response : { ...response, headers: [...response.headers, ...others] };
}

/** A challenge is answered to whom it came from: the request that carries the answer goes to the same target (protocol §8). */
function rememberAffinity(core: CoreState, proxied: ProxiedRequest, branch: number, response: SipResponse): void {
  const target = proxied.search.branches[branch]?.target;
  if (target === undefined) return;
  const until = monoMs(core.now + AFFINITY_MS);
  for (const challenge of challengesOf(response.headers, ["www-authenticate", "proxy-authenticate"])) {
    core.affinities.delete(challenge);
    core.affinities.set(challenge, { target, until });
  }
  for (const [challenge, item] of core.affinities) {
    if (item.until > core.now && core.affinities.size <= MAX_AFFINITIES) break;
    core.affinities.delete(challenge);
  }
}

function affinityOf(core: CoreState, headers: readonly SipHeader[]): string | null {
  for (const answer of challengesOf(headers, ["authorization", "proxy-authorization"])) {
    const item = core.affinities.get(answer);
    if (item !== undefined && item.until > core.now) return item.target;
  }
  return null;
}
