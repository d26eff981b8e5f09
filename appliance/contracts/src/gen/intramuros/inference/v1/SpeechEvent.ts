// From proto/inference.proto

import type { SpeechStarted as _intramuros_inference_v1_SpeechStarted, SpeechStarted__Output as _intramuros_inference_v1_SpeechStarted__Output } from '../../../intramuros/inference/v1/SpeechStarted.ts';
import type { SpeechEnded as _intramuros_inference_v1_SpeechEnded, SpeechEnded__Output as _intramuros_inference_v1_SpeechEnded__Output } from '../../../intramuros/inference/v1/SpeechEnded.ts';
import type { Transcript as _intramuros_inference_v1_Transcript, Transcript__Output as _intramuros_inference_v1_Transcript__Output } from '../../../intramuros/inference/v1/Transcript.ts';
import type { Degraded as _intramuros_inference_v1_Degraded, Degraded__Output as _intramuros_inference_v1_Degraded__Output } from '../../../intramuros/inference/v1/Degraded.ts';

export interface SpeechEvent {
  'started'?: (_intramuros_inference_v1_SpeechStarted | null);
  'ended'?: (_intramuros_inference_v1_SpeechEnded | null);
  'partial'?: (_intramuros_inference_v1_Transcript | null);
  'final'?: (_intramuros_inference_v1_Transcript | null);
  'degraded'?: (_intramuros_inference_v1_Degraded | null);
  'body'?: "started"|"ended"|"partial"|"final"|"degraded";
}

export interface SpeechEvent__Output {
  'started'?: (_intramuros_inference_v1_SpeechStarted__Output | null);
  'ended'?: (_intramuros_inference_v1_SpeechEnded__Output | null);
  'partial'?: (_intramuros_inference_v1_Transcript__Output | null);
  'final'?: (_intramuros_inference_v1_Transcript__Output | null);
  'degraded'?: (_intramuros_inference_v1_Degraded__Output | null);
  'body'?: "started"|"ended"|"partial"|"final"|"degraded";
}
