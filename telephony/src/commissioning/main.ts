import { AppError, type CommissioningReport, homeRoot, openHome } from "@intramuros/contracts";
import { parseArguments, USAGE } from "./arguments.ts";
import { runCommissioningCall } from "./commissioning-driver.ts";
import { drawReport, drawSummary } from "./draw-report.ts";

/** `npm run call`: exit code 0 only if every call was answered, understood and audited. */
const parsed = parseArguments(process.argv.slice(2));
if (parsed.type === "faulty") {
  console.error(`${parsed.problem}.\n${USAGE}`);
  process.exit(1);
}
const { value } = parsed;
try {
  const home = openHome(homeRoot());
  const reports: CommissioningReport[] = [];
  for (let n = 0; n < value.count; n++) {
    const report = await runCommissioningCall({
      ...value,
      home,
      onProgress: (line) => (value.json ? undefined : console.error(`• ${line}`)),
    });
    reports.push(report);
    console.log(value.json ? JSON.stringify(report) : drawReport(report));
  }
  if (value.count > 1 && !value.json) console.log(`\n${drawSummary(reports)}`);
  process.exit(reports.every((report) => report.ok) ? 0 : 1);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`${error.message}: ${error.hint}.`);
  process.exit(1);
}
