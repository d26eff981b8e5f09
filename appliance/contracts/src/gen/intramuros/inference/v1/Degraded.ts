// From proto/inference.proto


export interface Degraded {
  'reason'?: (string);
  'hint'?: (string);
}

export interface Degraded__Output {
  'reason': (string);
  'hint': (string);
}
