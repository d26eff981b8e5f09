// From proto/telephony.proto


export interface NoInput {
  'turn'?: (number);
  'count'?: (number);
}

export interface NoInput__Output {
  'turn': (number);
  'count': (number);
}
