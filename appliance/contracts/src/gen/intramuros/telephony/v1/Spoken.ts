// From proto/telephony.proto


export interface Spoken {
  'text'?: (string);
  'language'?: (string);
  'kind'?: (string);
}

export interface Spoken__Output {
  'text': (string);
  'language': (string);
  'kind': (string);
}
