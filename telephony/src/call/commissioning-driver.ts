import { type Home, isLanguage } from "@intramuros/contracts";
import { DEFAULT_CODECS, DEFAULT_NUMBER, DEFAULT_TIMEOUT_MS } from "../commissioning/arguments.ts";
import { runCommissioningCall } from "../commissioning/commissioning-driver.ts";
import type { CommissioningRequestMessage } from "./call-control-server.ts";

/** The commissioning call behind the console's button. Resolves with the report as JSON. */
export async function runCommissioning(
  home: Home,
  request: CommissioningRequestMessage,
  onProgress: (line: string) => void,
): Promise<string> {
  const language = isLanguage(request.language) ? request.language : home.config.site.language;
  const report = await runCommissioningCall({
    home,
    onProgress,
    language,
    say: request.say === "" ? null : request.say,
    wav: request.wavPath === "" ? null : request.wavPath,
    digits: request.digits.filter((digit) => /^[0-9*#]$/.test(digit)),
    to: request.to === "" ? DEFAULT_NUMBER[language] : request.to,
    server: null,
    codecs: DEFAULT_CODECS,
    timeoutMs: Math.min(600_000, request.timeoutMs || DEFAULT_TIMEOUT_MS),
  });
  return JSON.stringify(report);
}
