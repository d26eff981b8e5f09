// From proto/telephony.proto


export interface PartialTranscript {
  'turn'?: (number);
  'text'?: (string);
  'language'?: (string);
}

export interface PartialTranscript__Output {
  'turn': (number);
  'text': (string);
  'language': (string);
}
