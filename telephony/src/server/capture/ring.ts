import { append, type Captured, newSegment, type Segment } from "./segment.ts";

/** The latest messages in segments; the oldest segment goes as soon as either bound is passed. */
export interface CaptureRing {
  /** Oldest first; the last one is being filled. */
  readonly segments: readonly Segment[];
  readonly messages: number;
  readonly bytes: number;
  push(message: Captured): void;
  /** Lets go of the segments whose latest message is older. */
  trim(beforeMs: number): void;
}

export interface CaptureLimits {
  readonly messages: number;
  readonly bytes: number;
}

const SEGMENT_BYTES = 262_144;
/** Room for the largest message that the server takes, with its head. */
const SEGMENT_MIN_BYTES = 66_560;
/** What is dropped at once is about this part of the whole. */
const PARTS = 8;

export function createCaptureRing(
  limits: CaptureLimits,
  kept: readonly Segment[],
  onDropped: (segment: Segment) => void,
): CaptureRing {
  const segmentBytes = Math.min(SEGMENT_BYTES, Math.max(SEGMENT_MIN_BYTES, Math.floor(limits.bytes / PARTS)));
  const segmentMessages = Math.max(1, Math.floor(limits.messages / PARTS));
  const segments: Segment[] = [...kept];
  let messages = segments.reduce((sum, segment) => sum + segment.count, 0);
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes.length, 0);
  let filling = begin();

  function begin(): Segment {
    const segment = newSegment((segments.at(-1)?.seq ?? 0) + 1, segmentBytes);
    segments.push(segment);
    bytes += segmentBytes;
    while (segments.length > 1 && (bytes > limits.bytes || messages > limits.messages - segmentMessages)) {
      dropOldest();
    }
    return segment;
  }
  function dropOldest(): void {
    const oldest = segments.shift() as Segment;
    bytes -= oldest.bytes.length;
    messages -= oldest.count;
    onDropped(oldest);
  }

  return {
    segments,
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    push(message) {
      if (filling.count >= segmentMessages) filling = begin();
      if (!append(filling, message)) {
        filling = begin();
        if (!append(filling, message)) return; // larger than any message that the server takes
      }
      messages++;
    },
    trim(beforeMs) {
      if (filling.count > 0 && filling.lastMs < beforeMs) filling = begin();
      while (segments.length > 1 && (segments[0] as Segment).lastMs < beforeMs) dropOldest();
    },
  };
}
