// From proto/inference.proto

import type { Word as _intramuros_inference_v1_Word, Word__Output as _intramuros_inference_v1_Word__Output } from '../../../intramuros/inference/v1/Word.ts';
import type { ModelRef as _intramuros_inference_v1_ModelRef, ModelRef__Output as _intramuros_inference_v1_ModelRef__Output } from '../../../intramuros/inference/v1/ModelRef.ts';
import type { Emotion as _intramuros_inference_v1_Emotion, Emotion__Output as _intramuros_inference_v1_Emotion__Output } from '../../../intramuros/inference/v1/Emotion.ts';

export interface Transcript {
  'utterance'?: (number);
  'text'?: (string);
  'language'?: (string);
  'confidence'?: (number | string);
  'startMs'?: (number);
  'endMs'?: (number);
  'words'?: (_intramuros_inference_v1_Word)[];
  'model'?: (_intramuros_inference_v1_ModelRef | null);
  'recognitionMs'?: (number);
  'emotion'?: (_intramuros_inference_v1_Emotion | null);
}

export interface Transcript__Output {
  'utterance': (number);
  'text': (string);
  'language': (string);
  'confidence': (number);
  'startMs': (number);
  'endMs': (number);
  'words': (_intramuros_inference_v1_Word__Output)[];
  'model': (_intramuros_inference_v1_ModelRef__Output | null);
  'recognitionMs': (number);
  'emotion': (_intramuros_inference_v1_Emotion__Output | null);
}
