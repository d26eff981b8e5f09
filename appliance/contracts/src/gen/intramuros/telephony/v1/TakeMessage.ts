// From proto/telephony.proto


export interface TakeMessage {
  'callId'?: (string);
}

export interface TakeMessage__Output {
  'callId': (string);
}
