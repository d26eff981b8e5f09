import type { VoiceRequest } from "./voice.ts";

/** Inference process → voice host. */
export type HostRequest =
  | ({ readonly type: "speak"; readonly job: number; readonly rateHz: number } & VoiceRequest)
  | { readonly type: "stop"; readonly job: number };

/** Voice host → inference process. */
export type HostReply =
  | { readonly type: "audio"; readonly job: number; readonly samples: Int16Array; readonly rateHz: number }
  | { readonly type: "done"; readonly job: number }
  | {
      readonly type: "failed";
      readonly job: number;
      readonly code: string;
      readonly message: string;
      readonly hint: string;
    };
