import { AppError, type VerifyReply } from "@intramuros/contracts";
import { verifyHome } from "./verify-store.ts";

/** The process of `verifyResting`: one line of JSON when the log is verified, one when the records are as well. */
const tell = (reply: VerifyReply | { fault: object }): void => void process.stdout.write(`${JSON.stringify(reply)}\n`);

try {
  tell(await verifyHome(process.argv[2] ?? "", tell));
} catch (error) {
  const { code, message, hint } =
    error instanceof AppError
      ? error
      : { code: "verify-failed", message: String(error), hint: "look at the home folder" };
  tell({ fault: { code, message, hint } });
}
