// From proto/inference.proto


export interface Word {
  'text'?: (string);
  'startMs'?: (number);
  'endMs'?: (number);
  'confidence'?: (number | string);
}

export interface Word__Output {
  'text': (string);
  'startMs': (number);
  'endMs': (number);
  'confidence': (number);
}
