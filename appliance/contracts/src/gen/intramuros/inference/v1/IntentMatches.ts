// From proto/inference.proto

import type { IntentMatch as _intramuros_inference_v1_IntentMatch, IntentMatch__Output as _intramuros_inference_v1_IntentMatch__Output } from '../../../intramuros/inference/v1/IntentMatch.ts';

export interface IntentMatches {
  'matches'?: (_intramuros_inference_v1_IntentMatch)[];
}

export interface IntentMatches__Output {
  'matches': (_intramuros_inference_v1_IntentMatch__Output)[];
}
