// From proto/telephony.proto


export interface TrunkStatusRequest {
  'trunkId'?: (string);
}

export interface TrunkStatusRequest__Output {
  'trunkId': (string);
}
