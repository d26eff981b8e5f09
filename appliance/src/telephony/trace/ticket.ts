import { type CallTrace, wordsOfCode } from "@intramuros/contracts";

/** A call as plain text, to be put into a ticket for the PBX or the carrier: the verdict, the figures, the ladder. */
export function ticketText(trace: Omit<CallTrace, "ticket">): string {
  const { attempt } = trace;
  const { verdict } = attempt;
  const look = verdict === undefined ? "" : (wordsOfCode(verdict.code)?.look ?? "");
  const lines = [
    `Call ${attempt.sipCallId}`,
    `${attempt.direction} at ${new Date(attempt.at).toISOString()}, from ${attempt.from || "nobody named"} to ${attempt.to || "nobody named"}, peer ${attempt.peer}`,
    verdict === undefined
      ? "Still on."
      : `Verdict: ${verdict.what} [${verdict.code}; side: ${verdict.side}; ended by: ${verdict.endedBy}; SIP ${verdict.sipCode || "none"}; Q.850 ${verdict.q850 || "none"}]`,
    ...(look === "" ? [] : [`Look at: ${look}`]),
    `Times: ${[time("ringing after", attempt.pddMs), time("final response after", attempt.setupMs), time("up for", attempt.durationMs)].filter(Boolean).join(", ") || "none"}`,
    ...trace.legs.map(
      (leg) =>
        `Audio of ${leg.legId === "" ? "the customer" : `leg ${leg.legId}`}: ${leg.codec}, ${leg.local} with ${leg.remote}; in ${figures(leg.in)}; out ${figures(leg.out)}${leg.oneWay ? `; ONE WAY, nothing ${leg.oneWaySide}` : ""}`,
    ),
    ...(trace.complete ? [] : ["The beginning of this call has left the ring: what follows is not whole."]),
    "",
    ...trace.lanes.map(({ address, name }) => `${address} = ${name}`),
    "",
    ...trace.ladder.map(
      (entry) =>
        `${clock(entry.at)}  ${entry.from} -> ${entry.to}  ${entry.line}${entry.repeated ? "  (again)" : ""}${entry.sdp === undefined ? "" : `  [SDP ${entry.sdp}]`}`,
    ),
    ...trace.sdp
      .filter(({ note }) => note !== "")
      .map(
        ({ field, offer, answer, note }) =>
          `SDP ${field}: offered ${offer || "nothing"}, answered ${answer || "nothing"}: ${note}`,
      ),
  ];
  return `${lines.join("\n")}\n`;
}

const time = (what: string, ms: number | undefined): string => (ms === undefined ? "" : `${what} ${Math.round(ms)} ms`);
/** Of the day in UTC, to the tenth of a millisecond. */
const clock = (at: number): string =>
  `${new Date(at).toISOString().slice(11, 23)}${Math.floor((at - Math.floor(at)) * 10)}Z`;
const figures = (way: CallTrace["legs"][number]["in"]): string =>
  `${way.packets} packets, loss ${(way.lossFraction * 100).toFixed(1)} %, jitter ${way.jitterMs.toFixed(1)} ms, MOS ${way.mos === undefined ? `unknown (${way.unknownBecause})` : way.mos.toFixed(1)}`;
