import type { DoctorFinding, DoctorReport, Trunk, TrunkSheet, TrunkStatus } from "@intramuros/contracts";

/** What the command line prints of trunks. */
const MARKS: Readonly<Record<DoctorFinding["result"], string>> = {
  passed: "✓",
  warning: "!",
  failed: "✗",
  skipped: "·",
};

export function drawFinding(finding: DoctorFinding): string {
  const { step, result, what, change, field, evidence } = finding;
  const lines = [`  ${MARKS[result]} ${step.padEnd(12)} ${what}`];
  const more = (label: string, text: string): void =>
    void (text !== "" && lines.push(`      ${label.padEnd(9)} ${text}`));
  if (result !== "passed" && result !== "skipped") {
    more("change", change);
    more("field", field);
  }
  if (result !== "skipped") more("seen", evidence);
  return lines.join("\n");
}

export function drawVerdict(report: DoctorReport): string {
  const count = (result: DoctorFinding["result"]): number =>
    report.findings.filter((finding) => finding.result === result).length;
  const seconds = (report.tookMs / 1000).toFixed(1);
  const verdict = report.ok ? "this trunk works" : `${count("failed")} to mend`;
  return `${verdict}, ${count("warning")} to look at, ${count("passed")} passed (${seconds} s)`;
}

export function drawTrunks(trunks: readonly Trunk[], states: readonly TrunkStatus[]): string {
  if (trunks.length === 0) return "There is no trunk yet: make one on the console under telephony.";
  const width = Math.max(...trunks.map(({ name }) => name.length));
  return trunks
    .map((trunk) => {
      const state = states.find(({ trunkId }) => trunkId === trunk.id);
      const peers = trunk.peers.map(({ host, port }) => (port === 0 ? host : `${host}:${port}`)).join(", ");
      const where = peers || trunk.addresses.join(", ") || trunk.username;
      return `${trunk.name.padEnd(width)}  ${(state?.state ?? "unknown").padEnd(9)} ${trunk.mode.padEnd(9)} ${where}${state?.problem ? `  (${state.problem})` : ""}`;
    })
    .join("\n");
}

export function drawSheet(sheet: TrunkSheet): string {
  const lines = [sheet.title, ""];
  for (const { title, rows } of sheet.sections) {
    lines.push(title);
    for (const { where, enter, why } of rows) lines.push(`  ${where}: ${enter}${why === "" ? "" : `  (${why})`}`);
    lines.push("");
  }
  return lines.join("\n");
}
