// From proto/inference.proto


export interface IntentMatch {
  'intent'?: (string);
  'score'?: (number | string);
  'example'?: (string);
}

export interface IntentMatch__Output {
  'intent': (string);
  'score': (number);
  'example': (string);
}
