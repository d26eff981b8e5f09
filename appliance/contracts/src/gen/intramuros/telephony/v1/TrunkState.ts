// From proto/telephony.proto


export interface TrunkState {
  'trunkId'?: (string);
  'state'?: (string);
  'problem'?: (string);
}

export interface TrunkState__Output {
  'trunkId': (string);
  'state': (string);
  'problem': (string);
}
