// From proto/telephony.proto


export interface Handoff {
  'callId'?: (string);
  'queueId'?: (string);
  'reason'?: (string);
}

export interface Handoff__Output {
  'callId': (string);
  'queueId': (string);
  'reason': (string);
}
