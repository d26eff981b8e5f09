// From proto/inference.proto


export interface IntentExample {
  'intent'?: (string);
  'text'?: (string);
}

export interface IntentExample__Output {
  'intent': (string);
  'text': (string);
}
