// From proto/inference.proto


export interface ModelRef {
  'id'?: (string);
  'version'?: (string);
  'sha256'?: (string);
}

export interface ModelRef__Output {
  'id': (string);
  'version': (string);
  'sha256': (string);
}
