// From proto/inference.proto

import type { ModelState as _intramuros_inference_v1_ModelState, ModelState__Output as _intramuros_inference_v1_ModelState__Output } from '../../../intramuros/inference/v1/ModelState.ts';
import type { InferenceLoad as _intramuros_inference_v1_InferenceLoad, InferenceLoad__Output as _intramuros_inference_v1_InferenceLoad__Output } from '../../../intramuros/inference/v1/InferenceLoad.ts';

export interface ListModelsResponse {
  'models'?: (_intramuros_inference_v1_ModelState)[];
  'load'?: (_intramuros_inference_v1_InferenceLoad | null);
}

export interface ListModelsResponse__Output {
  'models': (_intramuros_inference_v1_ModelState__Output)[];
  'load': (_intramuros_inference_v1_InferenceLoad__Output | null);
}
