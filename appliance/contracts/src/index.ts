export * from "./browser.ts";
export * from "./config.ts";
export * from "./faults.ts";
export type { Emotion__Output as EmotionMessage } from "./gen/intramuros/inference/v1/Emotion.ts";
export type { ListModelsResponse__Output as ListModelsMessage } from "./gen/intramuros/inference/v1/ListModelsResponse.ts";
export type { SipCaptureClient } from "./gen/intramuros/sip/v1/SipCapture.ts";
export type { CallControlClient } from "./gen/intramuros/telephony/v1/CallControl.ts";
export type {
  CallEvent as CallEventInit,
  CallEvent__Output as CallEventMessage,
} from "./gen/intramuros/telephony/v1/CallEvent.ts";
export type {
  Command as CommandInit,
  Command__Output as CommandMessage,
} from "./gen/intramuros/telephony/v1/Command.ts";
export type { Setup as SetupInit } from "./gen/intramuros/telephony/v1/Setup.ts";
export type { TelephonyStatus__Output as TelephonyStatusMessage } from "./gen/intramuros/telephony/v1/TelephonyStatus.ts";
export * from "./grpc.ts";
export * from "./home-store.ts";
export * from "./ids.ts";
export * from "./local-client.ts";
export * from "./log.ts";
export * from "./own-certificate-store.ts";
export * from "./pii.ts";
export * from "./step.ts";
export * from "./units.ts";
