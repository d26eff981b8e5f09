// From proto/inference.proto

import type { ModelRef as _intramuros_inference_v1_ModelRef, ModelRef__Output as _intramuros_inference_v1_ModelRef__Output } from '../../../intramuros/inference/v1/ModelRef.ts';

export interface Emotion {
  'label'?: (string);
  'probabilities'?: ({[key: string]: number | string});
  'intensity'?: (number | string);
  'abstained'?: (boolean);
  'evidence'?: (string)[];
  'source'?: (string);
  'model'?: (_intramuros_inference_v1_ModelRef | null);
}

export interface Emotion__Output {
  'label': (string);
  'probabilities': ({[key: string]: number});
  'intensity': (number);
  'abstained': (boolean);
  'evidence': (string)[];
  'source': (string);
  'model': (_intramuros_inference_v1_ModelRef__Output | null);
}
