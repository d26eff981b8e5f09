import type { CallTrace, LadderEntry } from "@intramuros/contracts/browser";

/** Where an arrow lies: lanes from the left, and which way it points. A note, or a message to ourselves, lies on its lane. */
export interface Arrow {
  readonly entry: LadderEntry;
  readonly index: number;
  readonly from: number;
  readonly to: number;
  /** Since the first message, milliseconds. */
  readonly sinceMs: number;
}

export interface LadderLayout {
  readonly lanes: CallTrace["lanes"];
  readonly arrows: readonly Arrow[];
}

/** Lays a trace out. An address that no lane names gets one of its own at the right, so that no message is lost. */
export function layLadder(trace: Pick<CallTrace, "lanes" | "ladder">, withRtcp: boolean): LadderLayout {
  const lanes = [...trace.lanes];
  const laneOf = (address: string): number => {
    const place = lanes.findIndex((lane) => lane.address === address);
    if (place !== -1) return place;
    lanes.push({ address, name: address });
    return lanes.length - 1;
  };
  const start = trace.ladder[0]?.at ?? 0;
  const arrows = trace.ladder.flatMap((entry, index) =>
    entry.kind === "rtcp" && !withRtcp
      ? []
      : [{ entry, index, from: laneOf(entry.from), to: laneOf(entry.to), sinceMs: entry.at - start }],
  );
  return { lanes, arrows };
}

/**
 * Grid lines between which an arrow is drawn: each lane is two columns, its line in the middle of them; the time stands before. What
 * stays on its lane, a note of what we did, has the whole width for its words.
 */
export function gridLines(
  arrow: Pick<Arrow, "from" | "to">,
  lanes: number,
): { readonly start: number; readonly end: number } {
  const [left, right] = [Math.min(arrow.from, arrow.to), Math.max(arrow.from, arrow.to)];
  return left === right ? { start: 2, end: 2 * lanes + 2 } : { start: 2 * left + 3, end: 2 * right + 3 };
}

/** What stands on an arrow: `INVITE`, `180 Ringing`. The rest of the start line is in the message. */
export function shortLine(entry: LadderEntry): string {
  if (entry.kind !== "sip") return entry.line;
  const response = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(entry.line);
  if (response !== null) return `${response[1]} ${response[2] ?? ""}`.trim();
  return entry.line.split(" ")[0] ?? entry.line;
}

/** Requests begin something, answers of 2xx go well, others do not. */
export function toneOf(entry: LadderEntry): "request" | "good" | "bad" | "wait" | "side" {
  if (entry.kind !== "sip") return "side";
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(entry.line)?.[1] ?? 0);
  if (status === 0) return "request";
  if (status < 200) return "wait";
  if (status < 300) return "good";
  return status === 401 || status === 407 || status === 487 ? "wait" : "bad";
}
