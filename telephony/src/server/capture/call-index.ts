import { type Attempt, noteMessage } from "./attempt.ts";
import { readHead } from "./head.ts";
import { type Captured, lengthAt, offsets, readAt, type Segment } from "./segment.ts";

/** Finds messages by Call-ID. It reads segments only when somebody asks, so that calls pay nothing for it. */
export interface CallIndex {
  /** Reads on where the last reading ended, a hundred messages for each step, so that the caller can let others have a turn. */
  read(segments: readonly Segment[]): Generator<void>;
  messages(callId: string): readonly Captured[];
  /** Newest first, begun before `beforeMs`. */
  attempts(beforeMs: number): Iterable<{ readonly attempt: Attempt; readonly messages: number }>;
  dropped(segment: Segment): void;
}

const STEP_MESSAGES = 100;

interface Entry {
  attempt: Attempt | null;
  places: { readonly segment: Segment; readonly at: number }[];
}

export function createCallIndex(): CallIndex {
  const byCallId = new Map<string, Entry>();
  /** Entries with a message in the segment. */
  const bySegment = new Map<Segment, { readUpTo: number; readonly callIds: Set<string> }>();
  /** Those with an INVITE, in the order of their beginning. */
  let order: Entry[] = [];

  const note = (segment: Segment, at: number, callIds: Set<string>): void => {
    const message = readAt(segment, at);
    const head = readHead(message.data);
    if (head === null) return;
    const entry = byCallId.get(head.callId) ?? { attempt: null, places: [] };
    entry.places.push({ segment, at });
    byCallId.set(head.callId, entry);
    callIds.add(head.callId);
    const before = entry.attempt;
    entry.attempt = noteMessage(before, head, message);
    if (before === null && entry.attempt !== null) order.push(entry);
  };

  return {
    *read(segments) {
      for (const segment of [...segments]) {
        const known = bySegment.get(segment) ?? { readUpTo: 0, callIds: new Set<string>() };
        if (known.readUpTo === segment.used) continue;
        // One that was dropped while others had their turn must not come in again.
        if (!segments.includes(segment)) continue;
        bySegment.set(segment, known);
        // Another reader may have gone on meanwhile: the place is kept with the segment, and read anew after each turn.
        while (known.readUpTo < segment.used && bySegment.has(segment)) {
          let left = STEP_MESSAGES;
          for (const at of offsets(segment, known.readUpTo)) {
            if (left-- === 0) break;
            note(segment, at, known.callIds);
            known.readUpTo = at + lengthAt(segment, at);
          }
          yield;
        }
      }
    },
    messages: (callId) => (byCallId.get(callId)?.places ?? []).map(({ segment, at }) => readAt(segment, at)),
    *attempts(beforeMs) {
      for (let i = order.length - 1; i >= 0; i--) {
        const { attempt, places } = order[i] as Entry;
        if (attempt !== null && attempt.atMs < beforeMs) yield { attempt, messages: places.length };
      }
    },
    dropped(segment) {
      const known = bySegment.get(segment);
      if (known === undefined) return;
      bySegment.delete(segment);
      for (const callId of known.callIds) {
        const entry = byCallId.get(callId);
        if (entry === undefined) continue;
        entry.places = entry.places.filter((place) => place.segment !== segment);
        if (entry.places.length === 0) byCallId.delete(callId);
      }
      order = order.filter(({ places }) => places.length > 0);
    },
  };
}
