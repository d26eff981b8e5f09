// From proto/inference.proto

import type { ModelScore as _intramuros_inference_v1_ModelScore, ModelScore__Output as _intramuros_inference_v1_ModelScore__Output } from '../../../intramuros/inference/v1/ModelScore.ts';
import type { Long } from '@grpc/proto-loader';

export interface ModelState {
  'id'?: (string);
  'version'?: (string);
  'task'?: (string);
  'languages'?: (string)[];
  'state'?: (string);
  'reason'?: (string);
  'engine'?: (string);
  'executionProvider'?: (string);
  'sha256'?: (string);
  'licence'?: (string);
  'attribution'?: (string);
  'builtIn'?: (boolean);
  'sizeBytes'?: (number | string | Long);
  'scores'?: (_intramuros_inference_v1_ModelScore)[];
  'latencyP50Ms'?: (number | string);
  'latencyP95Ms'?: (number | string);
  'runs'?: (number | string | Long);
}

export interface ModelState__Output {
  'id': (string);
  'version': (string);
  'task': (string);
  'languages': (string)[];
  'state': (string);
  'reason': (string);
  'engine': (string);
  'executionProvider': (string);
  'sha256': (string);
  'licence': (string);
  'attribution': (string);
  'builtIn': (boolean);
  'sizeBytes': (number);
  'scores': (_intramuros_inference_v1_ModelScore__Output)[];
  'latencyP50Ms': (number);
  'latencyP95Ms': (number);
  'runs': (number);
}
