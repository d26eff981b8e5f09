import type { CommissioningReport } from "@intramuros/contracts";

/** The report as a person reads it. */
export function drawReport(report: CommissioningReport): string {
  const { latencyMs, media } = report;
  const ms = (value: number): string => (value < 0 ? "–" : `${Math.round(value)} ms`);
  return [
    `Call to ${report.to} (${report.language})  ${report.ok ? "OK" : "NOT OK"}: answered ${yesNo(report.answered)}, understood ${yesNo(report.understood)}, audited ${yesNo(report.audited)}`,
    "",
    "SIP",
    ...report.ladder.map(
      (line) =>
        `  ${line.atMs.toFixed(1).padStart(9)} ms  ${line.direction === "→" ? "caller ──►" : "       ◄──"}  ${line.line}`,
    ),
    "",
    "What was said, as the appliance has it",
    ...(report.transcripts.length === 0
      ? ["  (nothing)"]
      : report.transcripts.map((line) => `  ${line.who.padEnd(9)}  ${line.text}`)),
    "",
    ...(report.spoken === "" ? [] : [`Caller said      ${report.spoken}`]),
    ...(report.heard === "" ? [] : [`Heard back       ${report.heard}`]),
    ...(report.emotion === undefined
      ? []
      : [
          `Emotion          ${report.emotion.label} ${(report.emotion.probability * 100).toFixed(0)} %${report.emotion.abstained ? " (abstained)" : ""}`,
        ]),
    ...(report.article === undefined
      ? []
      : [`Article          ${report.article.title} (${report.article.id}, score ${report.article.score.toFixed(2)})`]),
    `Latency          set-up ${ms(latencyMs.setup)} · greeting ${ms(latencyMs.greeting)} · answer ${ms(latencyMs.response)} after the last word`,
    `                 of it: endpoint ${ms(latencyMs.endpoint)} · recognition ${ms(latencyMs.recognition)} · dialogue ${ms(latencyMs.dialogue)} · voice ${ms(latencyMs.synthesis)}`,
    `Media            ${media.codec}, ${media.sent} packets sent, ${media.received} received, ${media.lost} lost, jitter ${media.jitterMs.toFixed(1)} ms`,
    ...(report.conversationId === undefined
      ? []
      : [
          `Conversation     ${report.conversationId}${report.auditSeq === undefined ? "" : `, audit entry ${report.auditSeq}`}`,
        ]),
    ...report.problems.map((problem) => `Problem          ${problem}`),
  ].join("\n");
}

const yesNo = (value: boolean): string => (value ? "yes" : "no");

/** p50 and p95 of the answer's latency over several calls. */
export function drawSummary(reports: readonly CommissioningReport[]): string {
  const sorted = reports
    .map((report) => report.latencyMs.response)
    .filter((ms) => ms >= 0)
    .sort((a, b) => a - b);
  const at = (q: number): string =>
    sorted.length === 0 ? "–" : `${sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]} ms`;
  return `${reports.filter((report) => report.ok).length} of ${reports.length} calls OK; answer after the last word: p50 ${at(0.5)}, p95 ${at(0.95)}`;
}
