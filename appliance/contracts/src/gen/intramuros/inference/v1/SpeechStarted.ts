// From proto/inference.proto


export interface SpeechStarted {
  'utterance'?: (number);
  'atMs'?: (number);
}

export interface SpeechStarted__Output {
  'utterance': (number);
  'atMs': (number);
}
