// From proto/inference.proto


export interface ModelScore {
  'set'?: (string);
  'metric'?: (string);
  'value'?: (number | string);
}

export interface ModelScore__Output {
  'set': (string);
  'metric': (string);
  'value': (number);
}
