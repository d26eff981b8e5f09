// From proto/telephony.proto


export interface HandoffFailed {
  'queueId'?: (string);
  'reason'?: (string);
}

export interface HandoffFailed__Output {
  'queueId': (string);
  'reason': (string);
}
