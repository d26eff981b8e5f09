import type { ConversationEvent } from "@intramuros/contracts";

/** What happened between the messages, in our own house. Never what was said. */
export interface LadderNote {
  readonly at: number;
  readonly line: string;
}

export const notesOf = (events: readonly ConversationEvent[]): readonly LadderNote[] =>
  events.flatMap(({ at, body }) => {
    const line = lineOf(body);
    return line === "" ? [] : [{ at, line }];
  });

function lineOf(body: ConversationEvent["body"]): string {
  switch (body.type) {
    case "hold-changed":
      return body.onHold ? "on hold" : "resumed";
    case "handoff-requested":
      return `a person of ${body.queueName} is asked for`;
    case "ringing":
      return `${body.phoneName} rings`;
    case "agent-joined":
      return `${body.agentName} takes the call`;
    case "handoff-failed":
      return `nobody took it: ${body.reason}`;
    case "degraded":
      return body.reason;
    case "message-taken":
      return `a message of ${Math.round(body.durationMs / 1000)} s was taken`;
    default:
      return "";
  }
}
