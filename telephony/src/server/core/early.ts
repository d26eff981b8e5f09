import { header, messageText, type SipRequest } from "../message/index.ts";
import { removeDialog } from "./dialogs.ts";
import { tell } from "./effects.ts";
import { inDialogFrame, tellNewRequest } from "./network.ts";
import { respondSelf } from "./server-transactions.ts";
import type { CoreState, Dialog, ServerTransaction } from "./state.ts";

/** Tells the application that the peer took its INVITE back (protocol §9.2): a new request until it has answered something. */
export function tellCancel(core: CoreState, invite: ServerTransaction, cancel: SipRequest, bytes: number): void {
  if (invite.client === null) return;
  if (!invite.answered || invite.dialog === null) {
    tellNewRequest(core, invite, cancel, bytes);
    return;
  }
  const told = { flow: invite.flow, request: cancel, bytes, transactionId: invite.id, dialogId: invite.dialog.id };
  tell(core, invite.client, inDialogFrame(core, told));
}

/** The server ends a call that has not been answered; the application, which has no dialog to end, hears it as a CANCEL. */
export function refuseOpenInvite(core: CoreState, dialog: Dialog, invite: ServerTransaction, status: 487 | 504): void {
  const cancel: SipRequest = {
    ...invite.request,
    method: "CANCEL",
    headers: invite.request.headers
      .filter(({ key }) => !key.startsWith("content-"))
      .map((item) => (item.key === "cseq" ? header("CSeq", `${invite.fields.cseq.number} CANCEL`) : item))
      .concat(header("Content-Length", "0")),
    body: Buffer.alloc(0),
  };
  tellCancel(core, invite, cancel, messageText(cancel).length);
  respondSelf(core, invite, status);
  if (!dialog.confirmed) removeDialog(core, dialog);
}
