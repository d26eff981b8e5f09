import { readFileSync } from "node:fs";
import path from "node:path";
import { DOCTOR_STEPS, type DoctorFinding } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { certificateLeft } from "./certificate-left.ts";
import { countOf, doctorSteps } from "./doctor-steps.ts";
import { findingWords, knownFindings } from "./doctor-words.ts";

const finding = (step: DoctorFinding["step"], result: DoctorFinding["result"]): DoctorFinding => ({
  step,
  result,
  code: "x",
  what: "",
  change: "",
  field: "",
  evidence: "",
  tookMs: 1,
});

test("while a trial goes on, the step after the last finding is tried and the rest wait", () => {
  const steps = doctorSteps({
    state: "running",
    findings: [finding("resolve", "passed"), finding("transport", "passed")],
  });
  expect(steps.map((each) => each.state).slice(0, 5)).toEqual(["passed", "passed", "trying", "waiting", "waiting"]);
  expect(steps.length).toBe(DOCTOR_STEPS.length);
});

test("a step shows its worst finding, and what was left out is said when the trial has ended", () => {
  const findings = [finding("tls", "warning"), finding("tls", "failed"), finding("tls", "passed")];
  const steps = doctorSteps({ state: "finished", findings });
  expect(steps.map((each) => each.state).slice(0, 4)).toEqual(["not-tried", "not-tried", "failed", "not-tried"]);
  expect(countOf(findings, "warning")).toBe(1);
});

test("a certificate says in whole days how long it holds", () => {
  const day = 86_400_000;
  expect(certificateLeft(40.5 * day, 0)).toEqual({ days: 40, tone: "good" });
  expect(certificateLeft(29.5 * day, 0)).toEqual({ days: 29, tone: "warn" });
  expect(certificateLeft(-1, 0)).toEqual({ days: -1, tone: "bad" });
});

test("every finding that telephony can make has Chinese words, and one without keeps the English", () => {
  const folder = path.join(import.meta.dirname, "../../../../../telephony/src/trunk/doctor");
  const source = ["judge-reach.ts", "judge-signalling.ts", "judge-media.ts", "doctor-driver.ts"]
    .map((file) => readFileSync(path.join(folder, file), "utf8"))
    .join("\n");
  const codes = [...source.matchAll(/(?:code:|\?|:|skipped\("\w+",)\s+"([a-z]+(?:-[a-z]+)*)"/g)].map(
    (match) => match[1] ?? "",
  );
  const missing = codes.filter((code) => source.includes(`code: "${code}"`) && !knownFindings().includes(code));
  expect(codes.length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
  const unknown = { code: "new-one", what: "what", change: "change", evidence: "seen" };
  expect(findingWords(unknown, "zh")).toEqual({ what: "what", change: "change", detail: "seen" });
  expect(findingWords({ ...unknown, code: "rtp-blocked" }, "zh").change).toMatch(/防火墙/);
});
