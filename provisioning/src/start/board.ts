import type { ProcessHealth } from "./health-client.ts";

/** What the status board shows; drawn as plain lines so that it reads the same in a terminal, a file and a test. */
export interface BoardFacts {
  readonly siteName: string;
  readonly home: string;
  readonly consoleAddress: string;
  readonly setupCode: string | null;
  readonly sipListen: readonly string[];
  readonly health: readonly ProcessHealth[];
  readonly models: readonly { readonly id: string; readonly state: string }[];
  readonly live: { readonly calls: number; readonly chats: number } | null;
  readonly readyAfterMs: number | null;
}

export function drawBoard(facts: BoardFacts): readonly string[] {
  const ready = facts.health.every((process) => process.ready);
  const title = ready
    ? `ready${facts.readyAfterMs === null ? "" : ` after ${(facts.readyAfterMs / 1000).toFixed(1)} s`}`
    : "starting";
  return [
    `  Intramuros · ${facts.siteName} · ${title}`,
    "",
    ...facts.health.map(drawProcess),
    "",
    `  console    ${facts.consoleAddress}`,
    ...(facts.setupCode === null ? [] : [`  set-up     first sign-in with the one-time code  ${facts.setupCode}`]),
    `  SIP        ${facts.sipListen.join("  ")}`,
    ...(facts.models.length === 0 ? [] : [`  models     ${drawModels(facts.models)}`]),
    ...(facts.live === null ? [] : [`  now        ${facts.live.calls} calls, ${facts.live.chats} chats`]),
    `  data       ${facts.home}`,
    "",
    '  Ctrl-C stops everything.  Try:  npm run call -- --say "What is my daily transfer limit?"',
  ];
}

function drawProcess(process: ProcessHealth): string {
  const mark = process.ready ? "●" : process.alive ? "◐" : "○";
  const state = process.ready ? "ready" : process.alive ? "not ready" : "not answering";
  const problems = process.problems.length === 0 ? "" : `  ${process.problems.join("; ")}`;
  return `  ${mark} ${process.name.padEnd(10)} ${state}${problems}`;
}

function drawModels(models: BoardFacts["models"]): string {
  return models.map((model) => (model.state === "ready" ? model.id : `${model.id} (${model.state})`)).join(", ");
}
