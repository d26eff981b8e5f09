// From proto/inference.proto

import type { SpeechStart as _intramuros_inference_v1_SpeechStart, SpeechStart__Output as _intramuros_inference_v1_SpeechStart__Output } from '../../../intramuros/inference/v1/SpeechStart.ts';
import type { SpeechFinish as _intramuros_inference_v1_SpeechFinish, SpeechFinish__Output as _intramuros_inference_v1_SpeechFinish__Output } from '../../../intramuros/inference/v1/SpeechFinish.ts';

export interface SpeechRequest {
  'start'?: (_intramuros_inference_v1_SpeechStart | null);
  'audio'?: (Buffer | Uint8Array | string);
  'finish'?: (_intramuros_inference_v1_SpeechFinish | null);
  'body'?: "start"|"audio"|"finish";
}

export interface SpeechRequest__Output {
  'start'?: (_intramuros_inference_v1_SpeechStart__Output | null);
  'audio'?: (Buffer);
  'finish'?: (_intramuros_inference_v1_SpeechFinish__Output | null);
  'body'?: "start"|"audio"|"finish";
}
