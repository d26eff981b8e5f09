// From proto/telephony.proto


export interface Ringing {
  'legId'?: (string);
  'phoneId'?: (string);
  'queueId'?: (string);
  'target'?: (string);
  'trunkId'?: (string);
}

export interface Ringing__Output {
  'legId': (string);
  'phoneId': (string);
  'queueId': (string);
  'target': (string);
  'trunkId': (string);
}
