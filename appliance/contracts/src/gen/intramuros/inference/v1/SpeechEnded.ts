// From proto/inference.proto


export interface SpeechEnded {
  'utterance'?: (number);
  'startMs'?: (number);
  'endMs'?: (number);
  'decidedMs'?: (number);
}

export interface SpeechEnded__Output {
  'utterance': (number);
  'startMs': (number);
  'endMs': (number);
  'decidedMs': (number);
}
