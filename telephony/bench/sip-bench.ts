import { openRig, type Rig, type RigOptions } from "./sip-bench-rig.ts";

/**
 * The SIP server under SIPp (INVITE–200–ACK–BYE over UDP), with a drachtio-srf application behind it. The limits beside the figures are
 * the budget of DESIGN.md, measured with the C++ drachtio-server on a machine of the same two cores. Another server is put in the place
 * of ours by `npm run bench -- sip --server HOST:PORT [--control HOST:PORT] [--secret TEXT] [--server-pid PID]`.
 */
export interface BenchResult {
  readonly name: string;
  readonly figures: Record<string, number>;
  readonly peer: string;
}

const STEADY_SECONDS = 6;
const STEADY_RATES = [200, 600, 1000];
/** Tried one after the other until one fails. */
const STEEP_RATES = [1300, 1600, 2000, 2500, 3000];
const STEEP_SECONDS = 4;
const DIALOGS = 4000;
const REGISTRATIONS = 10_000;

export async function benchSip(options: RigOptions = {}): Promise<BenchResult> {
  const rig = await openRig(options);
  try {
    await rig.sipp({ rate: 400, calls: 2000 }); // so that the figures are of code that the compiler is done with
    const figures: Record<string, number> = {};
    await dialogs(rig, figures);
    for (const rate of STEADY_RATES) await steady(rig, rate, figures);
    await steep(rig, figures);
    await registrations(rig, figures);
    return {
      name: `SIP calls, INVITE–200–ACK–BYE, UDP, drachtio-srf application${options.server === undefined ? "" : `, server ${options.server}`}`,
      figures,
      peer: "budget: server ≤ 1.1 ms/call at 200/s, ≤ 0.7 ms at 1000/s, ≥ 1000 calls/s with 0 lost; drachtio-server (C++): 1.1 ms at 200/s, 0.84 at 600/s, 0.65 at 1000 to 1300/s",
    };
  } finally {
    await rig.close();
  }
}

async function steady(rig: Rig, rate: number, figures: Record<string, number>): Promise<void> {
  const before = { server: rig.serverCpuMs(), app: rig.appCpuMs() };
  const calls = rate * STEADY_SECONDS;
  const result = await rig.sipp({ rate, calls });
  figures[`calls/s at ${rate}`] = round(result.callsPerSecond);
  figures[`failed at ${rate}`] = result.failed;
  figures[`retransmissions at ${rate}`] = result.retransmissions;
  figures[`server CPU ms/call at ${rate}`] = round((rig.serverCpuMs() - before.server) / calls);
  figures[`application CPU ms/call at ${rate}`] = round((rig.appCpuMs() - before.app) / calls);
}

/** The highest rate at which no call failed; SIPp and the application share the two cores with the server. */
async function steep(rig: Rig, figures: Record<string, number>): Promise<void> {
  let best = figures["failed at 1000"] === 0 ? 1000 : 0;
  for (const rate of STEEP_RATES) {
    const result = await rig.sipp({ rate, calls: rate * STEEP_SECONDS });
    if (result.failed > 0 || result.callsPerSecond < rate * 0.85) break;
    best = rate;
  }
  figures["highest calls/s with none failed"] = best;
}

/** Memory of calls that are up, with what their transactions still keep. */
async function dialogs(rig: Rig, figures: Record<string, number>): Promise<void> {
  const before = await rig.serverUsedKiB();
  const running = rig.sipp({ rate: 500, calls: DIALOGS, callMs: 12_000 });
  await wait((DIALOGS / 500) * 1000 + 2500);
  const up = (await rig.figures())?.dialogs ?? DIALOGS;
  figures["dialogs up"] = up;
  figures["server KiB per 1000 dialogs"] = round((((await rig.serverUsedKiB()) - before) * 1000) / up);
  figures["failed of these"] = (await running).failed;
}

/** REGISTER, 401, REGISTER with the answer, 200, by telephony's own registrar on drachtio-srf; each of another user. */
async function registrations(rig: Rig, figures: Record<string, number>): Promise<void> {
  const before = { server: rig.serverCpuMs(), app: rig.appCpuMs() };
  const users = Array.from(
    { length: REGISTRATIONS },
    (_, i) => `user${i};[authentication username=user${i} password=pw${i}]`,
  );
  const result = await rig.sipp({
    rate: 500,
    calls: REGISTRATIONS,
    scenario: REGISTER,
    inject: `SEQUENTIAL\n${users.join("\n")}\n`,
  });
  figures["registrations/s"] = round(result.callsPerSecond);
  figures["registrations failed"] = result.failed;
  figures["server CPU ms/registration"] = round((rig.serverCpuMs() - before.server) / REGISTRATIONS);
  figures["registrar CPU ms/registration"] = round((rig.appCpuMs() - before.app) / REGISTRATIONS);
}

const register = (seq: number, extra: string): string =>
  [
    '<send retrans="500"><![CDATA[',
    "",
    "REGISTER sip:[remote_ip] SIP/2.0",
    "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]",
    "From: <sip:[field0]@[remote_ip]>;tag=[pid]R[call_number]",
    "To: <sip:[field0]@[remote_ip]>",
    "Call-ID: [call_id]",
    `CSeq: ${seq} REGISTER`,
    "Contact: <sip:[field0]@[local_ip]:[local_port]>;expires=300",
    "Max-Forwards: 70",
    ...(extra === "" ? [] : [extra]),
    "Content-Length: 0",
    "",
    "]]></send>",
  ].join("\n");

const REGISTER = [
  '<?xml version="1.0" encoding="ISO-8859-1" ?>',
  '<scenario name="register">',
  register(1, ""),
  '<recv response="100" optional="true"/>',
  '<recv response="401" auth="true"/>',
  register(2, "[field1]"),
  '<recv response="100" optional="true"/>',
  '<recv response="200"/>',
  "</scenario>",
  "",
].join("\n");

const round = (value: number): number => Math.round(value * 1000) / 1000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
