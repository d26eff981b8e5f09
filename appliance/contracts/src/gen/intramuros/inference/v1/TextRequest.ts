// From proto/inference.proto


export interface TextRequest {
  'text'?: (string);
  'language'?: (string);
  'party'?: (string);
}

export interface TextRequest__Output {
  'text': (string);
  'language': (string);
  'party': (string);
}
