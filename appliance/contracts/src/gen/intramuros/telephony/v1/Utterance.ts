// From proto/telephony.proto

import type { Emotion as _intramuros_inference_v1_Emotion, Emotion__Output as _intramuros_inference_v1_Emotion__Output } from '../../../intramuros/inference/v1/Emotion.ts';

export interface Utterance {
  'turn'?: (number);
  'text'?: (string);
  'language'?: (string);
  'confidence'?: (number | string);
  'startMs'?: (number);
  'endMs'?: (number);
  'emotion'?: (_intramuros_inference_v1_Emotion | null);
  'modelId'?: (string);
  'modelSha256'?: (string);
  'endpointMs'?: (number);
  'recognitionMs'?: (number);
}

export interface Utterance__Output {
  'turn': (number);
  'text': (string);
  'language': (string);
  'confidence': (number);
  'startMs': (number);
  'endMs': (number);
  'emotion': (_intramuros_inference_v1_Emotion__Output | null);
  'modelId': (string);
  'modelSha256': (string);
  'endpointMs': (number);
  'recognitionMs': (number);
}
