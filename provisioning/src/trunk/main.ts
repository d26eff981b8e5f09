import { parseArgs } from "node:util";
import {
  AppError,
  askAppliance,
  type DoctorJob,
  type Home,
  homeRoot,
  openHome,
  type Trunk,
  type TrunkSheet,
  type TrunkStatus,
} from "@intramuros/contracts";
import { drawFinding, drawSheet, drawTrunks, drawVerdict } from "./draw.ts";

/**
 * Trunks from the command line, through the running appliance: what is done here is audited as on the console.
 *
 *     npm run trunk -- list
 *     npm run trunk -- doctor NAME [--loop NUMBER | --echo NUMBER | --number NUMBER] [--digits KEYS] [--json]
 *     npm run trunk -- sheet NAME [--language zh|en]
 *
 * `doctor` exits 0 when nothing failed, 1 when something did, 2 when it could not be tried.
 */
const USAGE = `npm run trunk -- list
npm run trunk -- doctor NAME [--loop NUMBER | --echo NUMBER | --number NUMBER] [--digits KEYS] [--json]
npm run trunk -- sheet NAME [--language zh|en]`;
const POLL_MS = 300;
const LIMIT_MS = 300_000;

async function ask<T>(home: Home, request: Parameters<typeof askAppliance>[1]): Promise<T> {
  const { status, text } = await askAppliance(home, { timeoutMs: 15_000, ...request });
  const body = JSON.parse(text) as T & { readonly code?: string; readonly message?: string; readonly hint?: string };
  if (status < 300) return body;
  throw new AppError({
    code: body.code ?? "refused",
    message: body.message ?? `the appliance refused with ${status}`,
    hint: body.hint ?? "see its log",
  });
}

const trunksOf = async (home: Home): Promise<readonly Trunk[]> =>
  (await ask<{ items: Trunk[] }>(home, { path: "/api/trunks" })).items;

async function named(home: Home, name: string | undefined): Promise<Trunk> {
  const trunks = await trunksOf(home);
  const found = trunks.find((trunk) => trunk.name === name || trunk.id === name);
  if (found !== undefined) return found;
  throw new AppError({
    code: "trunk-unknown",
    message: name === undefined ? "no trunk was named" : `there is no trunk "${name}"`,
    hint:
      trunks.length === 0 ? "make one on the console" : `there are: ${trunks.map((trunk) => trunk.name).join(", ")}`,
  });
}

async function doctor(home: Home, trunk: Trunk, request: object, json: boolean): Promise<number> {
  let job = await ask<DoctorJob>(home, { method: "POST", path: `/api/trunks/${trunk.id}/doctor`, body: request });
  if (!json) console.log(`Trying out ${trunk.name} …\n`);
  let shown = 0;
  const until = Date.now() + LIMIT_MS;
  for (;;) {
    if (!json) for (const finding of job.findings.slice(shown)) console.log(drawFinding(finding));
    shown = job.findings.length;
    if (job.state !== "running" || Date.now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    job = await ask<DoctorJob>(home, { path: `/api/trunk-doctor/${job.id}` });
  }
  if (job.report === undefined) {
    throw new AppError({
      code: "doctor-failed",
      message: job.problem ?? "the trial did not end in time",
      hint: "is the process telephony up? See `npm run status`",
    });
  }
  console.log(json ? JSON.stringify(job.report, null, 2) : `\n${drawVerdict(job.report)}`);
  return job.report.ok ? 0 : 1;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      loop: { type: "string", default: "" },
      echo: { type: "string", default: "" },
      number: { type: "string", default: "" },
      digits: { type: "string" },
      language: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  const name = rest.length > 0 ? rest.join(" ") : undefined;
  const home = openHome(homeRoot());
  switch (command) {
    case "list": {
      const states = await ask<{ items: TrunkStatus[] }>(home, { path: "/api/trunks/status" });
      console.log(drawTrunks(await trunksOf(home), states.items));
      return 0;
    }
    case "doctor": {
      const { loop: loopNumber, echo: echoNumber, number: otherNumber, digits } = values;
      const request = { loopNumber, echoNumber, otherNumber, ...(digits === undefined ? {} : { digits }) };
      return doctor(home, await named(home, name), request, values.json);
    }
    case "sheet": {
      const language = values.language ?? home.config.site.language;
      const { id } = await named(home, name);
      console.log(drawSheet(await ask<TrunkSheet>(home, { path: `/api/trunks/${id}/sheet?language=${language}` })));
      return 0;
    }
    default:
      console.error(USAGE);
      return 2;
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  if (error instanceof AppError) console.error(`${error.message}; ${error.hint}`);
  else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
