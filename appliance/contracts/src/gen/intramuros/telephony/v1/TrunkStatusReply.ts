// From proto/telephony.proto


export interface TrunkStatusReply {
  'statusJson'?: (string);
}

export interface TrunkStatusReply__Output {
  'statusJson': (string);
}
