// From proto/telephony.proto


export interface Bridged {
  'legId'?: (string);
  'phoneId'?: (string);
  'target'?: (string);
  'trunkId'?: (string);
}

export interface Bridged__Output {
  'legId': (string);
  'phoneId': (string);
  'target': (string);
  'trunkId': (string);
}
