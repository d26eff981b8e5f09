import path from "node:path";
import { type Config, type Logger, sipAddress } from "@intramuros/contracts";
import { type Capture, openCapture } from "./capture-driver.ts";
import { openCaptureServer } from "./capture-server.ts";

const DAY_MS = 86_400_000;

export interface CaptureRoom extends Pick<Capture, "record" | "figures" | "problem" | "close"> {
  /** Opens the door for the appliance; not before the ports are ours, lest a second process take the door of the first. */
  serve(): Promise<void>;
}

/** The capture with its door for the appliance, as one thing to open and close. */
export function openCaptureRoom(options: {
  readonly root: string;
  /** Null: what is captured stays in memory. */
  readonly masterKeyHex: string | null;
  readonly config: Config["sip"];
  readonly log: Logger;
}): CaptureRoom {
  const { root, config, log } = options;
  const capture = openCapture({
    limits: { messages: config.captureMessages, bytes: config.captureBytes },
    maxAgeMs: config.captureDays * DAY_MS,
    folder: path.join(root, "sip", "capture"),
    masterKeyHex: options.masterKeyHex,
    hep: config.hep,
    log,
  });
  let server: { close(): Promise<void> } | null = null;
  return {
    record: capture.record,
    figures: capture.figures,
    problem: capture.problem,
    async serve() {
      server = await openCaptureServer({ address: sipAddress(root), capture, log });
    },
    async close() {
      await server?.close();
      await capture.close();
    },
  };
}
