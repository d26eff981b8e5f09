import { type DialPlace, dialPlaceOf, type RouteAnswer } from "../control/route-answer.ts";
import { header, messageText, parseNameAddr, parseUri, reasonOf, type SipHeader } from "../message/index.ts";
import { note } from "./effects.ts";
import { tellNewRequest } from "./network.ts";
import { onProxy } from "./proxying.ts";
import { RETRY_AFTER, respondSelf } from "./server-transactions.ts";
import type { ControlClient, CoreState, ServerTransaction } from "./state.ts";

/**
 * Outbound mode (protocol §13): the site has said whom to ask, or to dial, for new requests of a method. The request waits meanwhile.
 *
 * | asked                | answer                 | then                                             |
 * | -------------------- | ---------------------- | ------------------------------------------------ |
 * | http:, https:        | reject, redirect, proxy| done, by the server                              |
 * | http:, https:        | route to a tag         | told to one that has connected with it, else 480 |
 * | http:, https:        | route to an address    | dialled                                          |
 * | http:, https:        | anything else          | 500                                              |
 * | tcp:, tls:, dialled  | it shows the secret    | told to it                                       |
 * | any                  | none in time           | 480                                              |
 */
export interface ApplicationRoute {
  /** Lower case, or `*`. */
  readonly method: string;
  readonly url: string;
  readonly httpMethod: "GET" | "POST";
}

/** A request that waits to hear whose it is. */
export interface Ask {
  readonly transaction: ServerTransaction;
  readonly bytes: number;
}

const MAX_ASKS = 1000;
/** Stands for an application where there is none: what is told to it goes nowhere. */
const NOBODY = -1;

/** True when the site wants this request to be asked about. */
export function askApplication(core: CoreState, transaction: ServerTransaction, bytes: number): boolean {
  const method = transaction.method.toLowerCase();
  const { applicationRoutes = [] } = core.config;
  const route =
    applicationRoutes.find((item) => item.method === method) ?? applicationRoutes.find((item) => item.method === "*");
  if (route === undefined) return false;
  if (core.asks.size >= MAX_ASKS) {
    core.counters.refused++;
    respondSelf(core, transaction, 503, [RETRY_AFTER]);
    return true;
  }
  if (method === "invite") respondSelf(core, transaction, 100);
  const ask = ++core.askCount;
  core.asks.set(ask, { transaction, bytes });
  const place = dialPlaceOf(route.url);
  if (place !== null) dial(core, ask, place);
  else {
    const { url, httpMethod } = route;
    const body = httpMethod === "POST" ? messageText(transaction.request) : null;
    core.out.push({ type: "ask-application", ask, url, httpMethod, query: queryOf(transaction), body });
  }
  return true;
}

/** The parameters that the daemon sends, and one for each parameter of the Request-URI. */
function queryOf({ request, fields, flow, method }: ServerTransaction): readonly (readonly [string, string])[] {
  const uri = parseUri(request.uri);
  const userOf = (value: string): string => parseUri(parseNameAddr(value)?.uri ?? "")?.user ?? "";
  const params = (uri?.params ?? "").split(";").flatMap((item): [string, string][] => {
    const [name = "", value = ""] = item.split("=", 2);
    return name.trim() === "" ? [] : [[name.trim(), value.trim()]];
  });
  return [
    ["method", method],
    ["domain", uri?.host ?? ""],
    ["protocol", flow.transport],
    ["source_address", flow.remote.address],
    ["fromUser", userOf(fields.from)],
    ["toUser", userOf(fields.to)],
    ["uriUser", uri?.user ?? ""],
    ["contentType", request.headers.find(({ key }) => key === "content-type")?.value ?? ""],
    ["uri", request.uri],
    ...params,
  ];
}

function dial(core: CoreState, ask: number, place: DialPlace): void {
  core.out.push({ type: "dial-application", ask, place });
}

export function onRouteAnswer(core: CoreState, ask: number, answer: RouteAnswer): void {
  const asked = core.asks.get(ask);
  if (asked === undefined) return;
  if (answer.type === "dial" && isOpen(core, asked)) {
    dial(core, ask, answer.place);
    return;
  }
  core.asks.delete(ask);
  const { transaction } = asked;
  if (!isOpen(core, asked)) return; // taken back meanwhile
  switch (answer.type) {
    case "reject":
      respondSelf(core, transaction, answer.status, [], answer.reason === "" ? reasonOf(answer.status) : answer.reason);
      return;
    case "redirect":
      respondSelf(core, transaction, 302, answer.contacts.map(contactHeader));
      return;
    case "proxy":
      transaction.client = NOBODY;
      onProxy(core, {
        ...{ client: NOBODY, id: "", transactionId: transaction.id, message: null, fullResponse: false },
        ...{ remainInDialog: answer.recordRoute, followRedirects: answer.followRedirects },
        ...{ parallel: answer.simultaneous, targets: answer.destinations },
        ...{ provisionalTimeout: answer.provisionalTimeout, finalTimeout: answer.finalTimeout },
      });
      return;
    case "tag": {
      const hasTag = (client: number): boolean => core.clients.get(client)?.tags.includes(answer.tag) === true;
      const client = core.routes.next(transaction.method.toLowerCase(), hasTag);
      if (client === null) refuse(core, transaction, 480, "no application has the tag that a request is for");
      else give(core, asked, client);
      return;
    }
    case "fault":
      refuse(core, transaction, 500, "the answer about a request cannot be understood");
      return;
    case "unreachable":
    case "dial":
      refuse(core, transaction, 480, "the application that a request is for is not to be reached");
  }
}

/** A connection of ours has shown the secret: what it was dialled for is its. */
export function onDialled(core: CoreState, client: ControlClient): void {
  const asked = client.ask === null ? undefined : core.asks.get(client.ask);
  if (client.ask === null) return;
  core.asks.delete(client.ask);
  if (asked !== undefined && isOpen(core, asked)) give(core, asked, client.id);
  else core.out.push({ type: "close-client", client: client.id });
}

function give(core: CoreState, { transaction, bytes }: Ask, client: number): void {
  transaction.client = client;
  tellNewRequest(core, transaction, transaction.request, bytes);
}

function refuse(core: CoreState, transaction: ServerTransaction, status: 480 | 500, what: string): void {
  core.counters.refused++;
  note(core, "warn", what, { method: transaction.method });
  respondSelf(core, transaction, status);
}

const isOpen = (core: CoreState, { transaction }: Ask): boolean =>
  core.serverById.get(transaction.id) === transaction && transaction.client === null;

const contactHeader = (contact: string): SipHeader =>
  header("Contact", contact.includes("<") ? contact : `<${contact}>`);
