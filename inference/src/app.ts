import { chmodSync, rmSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { AppError, channelOptions, type Home, inferenceAddress, inferenceV1, type Logger } from "@intramuros/contracts";
import { HealthImplementation } from "grpc-health-check";
import { openHealth } from "./health-server.ts";
import { languageHandlers } from "./language/language-server.ts";
import { modelsHandlers } from "./model/models-server.ts";
import { openRooms, type Rooms } from "./rooms-driver.ts";
import { type RecognizeCall, SpeechServer } from "./speech/speech-server.ts";
import { type SynthesizeCall, synthesize } from "./tts/synthesis-server.ts";

export interface InferenceOptions {
  readonly home: Home;
  readonly log: Logger;
  /** Health over HTTP listens here; a test takes its own port. */
  readonly healthPort?: number;
}

export interface Inference {
  readonly address: string;
  readonly healthPort: number;
  readonly rooms: Rooms;
  /** Resolves when every model is ready, failed or missing. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const SETTLE_MS = 60_000;
const DRAIN_MS = 2_000;

/** Opens the models, then the doors. Models load while the doors are open already; `/readyz` says when they are there. */
export async function startInference(options: InferenceOptions): Promise<Inference> {
  const { home, log } = options;
  const { inference: config } = home.config;
  // The health port first: it is what a second instance on the same home stumbles over before it touches anything.
  let rooms: Rooms | null = null;
  const http = await openHealth({
    host: "127.0.0.1",
    port: options.healthPort ?? config.healthPort,
    report: () =>
      rooms
        ? { ready: rooms.detector.isReady && !isLoading(rooms), problems: rooms.problems() }
        : { ready: false, problems: ["models are being opened"] },
  });
  try {
    rooms = await openRooms({ root: home.root, config, log });
    const doors = await openDoors({ home, log, rooms });
    const opened = rooms;
    return {
      address: doors.address,
      healthPort: http.port,
      rooms,
      settled: () => settled(opened),
      close: async () => {
        await http.close();
        await doors.close();
        await opened.close();
      },
    };
  } catch (error) {
    await http.close();
    await rooms?.close();
    throw error;
  }
}

/** The gRPC services on their socket. */
async function openDoors({ home, log, rooms }: { readonly home: Home; readonly log: Logger; readonly rooms: Rooms }) {
  const { inference: config } = home.config;
  const { registry, detector, recognizers, synthesizer, emotion } = rooms;
  const speech = new SpeechServer({
    detector,
    recognizers,
    emotion,
    maxStreams: config.maxStreams,
    endpointSilenceMs: config.endpointSilenceMs,
    log,
  });
  const server = new grpc.Server({ ...channelOptions, "grpc.max_concurrent_streams": config.maxStreams + 200 });
  const services = ["Speech", "Synthesis", "Language", "Models"].map((name) => `intramuros.inference.v1.${name}`);
  server.addService(inferenceV1.Speech.service, { Recognize: (call: RecognizeCall) => speech.recognize(call) });
  server.addService(inferenceV1.Synthesis.service, {
    Synthesize: (call: SynthesizeCall) => void synthesize(call, synthesizer, log),
  });
  server.addService(inferenceV1.Language.service, languageHandlers(emotion, registry));
  server.addService(
    inferenceV1.Models.service,
    modelsHandlers(registry, () => ({
      streams: speech.load.streams,
      maxStreams: config.maxStreams,
      queuedRecognitions: [...new Set(recognizers.values())].reduce((sum, one) => sum + one.queued, 0),
      refused: speech.load.refused,
    })),
  );
  const names = ["", ...services];
  const health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, "SERVING" as const])));
  health.addToServer(server);

  const address = inferenceAddress(home.root);
  await bind(server, address);
  return {
    address,
    close: async (): Promise<void> => {
      for (const name of names) health.setStatus(name, "NOT_SERVING");
      await shutDown(server);
    },
  };
}

const isLoading = (rooms: Rooms): boolean =>
  rooms.registry.list().some(({ entry }) => entry.availability.at === "loading");

async function settled(rooms: Rooms): Promise<void> {
  for (const until = performance.now() + SETTLE_MS; isLoading(rooms) && performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function bind(server: grpc.Server, address: string): Promise<void> {
  const socket = address.slice("unix:".length);
  rmSync(socket, { force: true }); // one left by a process that was killed
  return new Promise((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (cause) => {
      if (!cause) {
        chmodSync(socket, 0o600);
        return resolve();
      }
      reject(
        new AppError({
          code: "socket-taken",
          message: `cannot listen on ${address}: ${cause.message}`,
          hint: "another inference may be running on this home folder: npm run status",
          cause,
        }),
      );
    });
  });
}

/** Lets running calls end for a moment, then ends them. */
function shutDown(server: grpc.Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
