// From proto/inference.proto

import type { ModelRef as _intramuros_inference_v1_ModelRef, ModelRef__Output as _intramuros_inference_v1_ModelRef__Output } from '../../../intramuros/inference/v1/ModelRef.ts';

export interface SynthesisAudio {
  'audio'?: (Buffer | Uint8Array | string);
  'model'?: (_intramuros_inference_v1_ModelRef | null);
}

export interface SynthesisAudio__Output {
  'audio': (Buffer);
  'model': (_intramuros_inference_v1_ModelRef__Output | null);
}
