import Srf from "drachtio-srf";
import type { KeptDialog } from "./kept-call.ts";
import type { SipAgent, SipDialog } from "./sip-types.ts";

/** drachtio-srf's Dialog for a call that another process answered or made: same id, hence the same calls at the SIP server. */
interface Library {
  readonly Dialog: new (agent: SipAgent, type: "uas" | "uac", parts: object) => SipDialog;
}
interface Registry {
  addDialog(dialog: SipDialog): void;
  readonly app: { readonly client: object };
}

/** Only after `connect` of the agent was called: what the dialog sends goes by its client. */
export function resumeDialog(agent: SipAgent, kept: KeptDialog): SipDialog {
  const isUas = kept.type === "uas";
  const local = messageOf(kept, {
    tag: kept.localTag,
    uri: kept.localUri,
    body: kept.localSdp,
    contact: kept.localContact,
  });
  const remote = messageOf(kept, {
    tag: kept.remoteTag,
    uri: kept.remoteUri,
    body: kept.remoteSdp,
    contact: kept.remoteUri,
  });
  const { client } = (agent as unknown as Registry).app;
  // As if the request and the response that made the dialog had just been seen.
  const request = { ...(isUas ? remote : local), method: "INVITE", uri: isUas ? kept.remoteUri : kept.localUri };
  const response = { ...(isUas ? local : remote), agent: client, stackDialogId: kept.id };
  const { Dialog } = Srf as unknown as Library;
  const dialog = new Dialog(agent, kept.type, { req: request, res: response, sent: local });
  if (kept.auth !== null) dialog.auth = kept.auth;
  (agent as unknown as Registry).addDialog(dialog);
  return dialog;
}

/** The part of a message that the library reads of it. */
function messageOf(
  kept: KeptDialog,
  side: { readonly tag: string; readonly uri: string; readonly body: string; readonly contact: string },
) {
  const texts: Readonly<Record<string, string>> = { "call-id": kept.callId, contact: side.contact };
  return {
    body: side.body,
    socket: null,
    get: (name: string) => texts[name.toLowerCase()],
    has: (name: string) => texts[name.toLowerCase()] !== undefined,
    getParsedHeader: (name: string) =>
      name.toLowerCase() === "contact" ? [{ uri: side.uri }] : { uri: side.uri, params: { tag: side.tag } },
  };
}

/** What the next process must know of a dialog. */
export function keptDialogOf(dialog: SipDialog): KeptDialog {
  const { id, type, sip, local, remote } = dialog;
  return {
    ...{ id, type, callId: sip.callId, localTag: sip.localTag ?? "", remoteTag: sip.remoteTag ?? "" },
    ...{ localUri: local.uri, localContact: local.contact ?? "", localSdp: local.sdp ?? "" },
    ...{ remoteUri: remote.uri, remoteSdp: remote.sdp ?? "", auth: dialog.auth ?? null },
  };
}
