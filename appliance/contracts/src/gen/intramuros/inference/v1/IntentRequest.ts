// From proto/inference.proto

import type { IntentExample as _intramuros_inference_v1_IntentExample, IntentExample__Output as _intramuros_inference_v1_IntentExample__Output } from '../../../intramuros/inference/v1/IntentExample.ts';

export interface IntentRequest {
  'text'?: (string);
  'language'?: (string);
  'examples'?: (_intramuros_inference_v1_IntentExample)[];
}

export interface IntentRequest__Output {
  'text': (string);
  'language': (string);
  'examples': (_intramuros_inference_v1_IntentExample__Output)[];
}
