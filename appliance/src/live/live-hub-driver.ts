import type { LiveMessage } from "@intramuros/contracts";
import type { LiveHub } from "./live-hub.ts";

/** Tells every listener in order; a listener that throws is our bug and does not keep the others from hearing. */
export interface LiveHubWithListeners extends LiveHub {
  /** Gives the function that ends the listening. The message comes once as text for all. */
  listen(listener: (text: string) => void): () => void;
}

export function liveHub(onFault: (error: unknown) => void): LiveHubWithListeners {
  const listeners = new Set<(text: string) => void>();
  return {
    publish(message: LiveMessage) {
      if (listeners.size === 0) return;
      const text = JSON.stringify(message);
      for (const listener of listeners) {
        try {
          listener(text);
        } catch (error) {
          onFault(error);
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
