import * as grpc from "@grpc/grpc-js";
import { channelOptions, inferenceV1 } from "@intramuros/contracts";

/** Both services of inference over one address, and whether they can be had. */
export type SpeechStub = InstanceType<typeof inferenceV1.Speech>;
export type SynthesisStub = InstanceType<typeof inferenceV1.Synthesis>;

export interface InferenceLink {
  readonly speech: SpeechStub;
  readonly synthesis: SynthesisStub;
  isUp(): boolean;
  onChange(listener: (up: boolean) => void): void;
  close(): void;
}

const LOOK_MS = 30_000;

export function openInferenceLink(address: string): InferenceLink {
  const credentials = grpc.credentials.createInsecure();
  const speech = new inferenceV1.Speech(address, credentials, channelOptions);
  const synthesis = new inferenceV1.Synthesis(address, credentials, channelOptions);
  const channel = speech.getChannel();
  const listeners: ((up: boolean) => void)[] = [];
  let up = false;
  let closed = false;
  const look = (): void => {
    if (closed) return;
    // Asking to connect: nobody else may call for minutes, and the first call must not wait for a dial.
    const state = channel.getConnectivityState(true);
    const now = state === grpc.connectivityState.READY;
    if (now !== up) {
      up = now;
      for (const listener of listeners) listener(up);
    }
    channel.watchConnectivityState(state, Date.now() + LOOK_MS, () => setImmediate(look));
  };
  look();
  return {
    speech,
    synthesis,
    isUp: () => up,
    onChange: (listener) => {
      listeners.push(listener);
    },
    close() {
      closed = true;
      speech.close();
      synthesis.close();
    },
  };
}
