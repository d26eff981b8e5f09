// From proto/telephony.proto


export interface TrunkDoctorRequest {
  'trunkId'?: (string);
  'requestJson'?: (string);
}

export interface TrunkDoctorRequest__Output {
  'trunkId': (string);
  'requestJson': (string);
}
