// From proto/inference.proto


export interface SpeechStart {
  'streamId'?: (string);
  'party'?: (string);
  'language'?: (string);
  'sampleRateHz'?: (number);
  'partials'?: (boolean);
  'phrases'?: (string)[];
  'endpointSilenceMs'?: (number);
  'maxUtteranceMs'?: (number);
}

export interface SpeechStart__Output {
  'streamId': (string);
  'party': (string);
  'language': (string);
  'sampleRateHz': (number);
  'partials': (boolean);
  'phrases': (string)[];
  'endpointSilenceMs': (number);
  'maxUtteranceMs': (number);
}
