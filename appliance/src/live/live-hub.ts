import type { LiveMessage } from "@intramuros/contracts";

/** What moves by itself on the console: rooms publish, `live-plugin.ts` sends to every signed-in browser. */
export interface LiveHub {
  publish(message: LiveMessage): void;
}
