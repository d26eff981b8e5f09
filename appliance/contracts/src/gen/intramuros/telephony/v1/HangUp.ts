// From proto/telephony.proto


export interface HangUp {
  'callId'?: (string);
  'reason'?: (string);
}

export interface HangUp__Output {
  'callId': (string);
  'reason': (string);
}
