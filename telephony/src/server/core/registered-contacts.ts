import { monoMs } from "@intramuros/contracts";
import { headerOf, paramOf, parseNameAddr, parseUri, splitList } from "../message/index.ts";
import type { CoreState, ServerTransaction } from "./state.ts";

/** A message of a peer or of an application. */
interface WithHeaders {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}
const valueIn = ({ headers }: WithHeaders, key: string): string | null =>
  headers.find((item) => item.key === key)?.value ?? null;

/** A registration over a connection: its contacts are reached by that connection for as long as was granted (protocol §12). */
export function rememberContact(core: CoreState, transaction: ServerTransaction, response: WithHeaders): void {
  const { flow, request } = transaction;
  if (flow.connection === null) return;
  const contact = headerOf(request, "contact");
  if (contact === null || contact === "*") return;
  const granted = splitList(valueIn(response, "contact") ?? "");
  for (const value of splitList(contact)) {
    const address = parseNameAddr(value);
    const uri = address === null ? null : parseUri(address.uri);
    if (address === null || uri === null) continue;
    const name = `${uri.user ?? ""}@${uri.host}`;
    const own = granted.find((item) => item.includes(name)) ?? "";
    const seconds = Number(
      paramOf(parseNameAddr(own)?.params ?? "", "expires") ??
        valueIn(response, "expires") ??
        paramOf(address.params, "expires") ??
        headerOf(request, "expires") ??
        "3600",
    );
    if (!Number.isFinite(seconds) || seconds <= 0) {
      core.contacts.delete(name);
      continue;
    }
    core.contacts.delete(name); // set anew, so that the oldest comes first
    if (core.contacts.size >= core.config.maxRegisteredContacts) {
      const oldest = core.contacts.keys().next().value;
      if (oldest !== undefined) core.contacts.delete(oldest);
    }
    core.contacts.set(name, { flow, expiresAt: monoMs(core.now + seconds * 1000) });
  }
}
