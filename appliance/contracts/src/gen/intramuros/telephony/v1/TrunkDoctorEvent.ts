// From proto/telephony.proto


export interface TrunkDoctorEvent {
  'progress'?: (string);
  'findingJson'?: (string);
  'reportJson'?: (string);
  'body'?: "progress"|"findingJson"|"reportJson";
}

export interface TrunkDoctorEvent__Output {
  'progress'?: (string);
  'findingJson'?: (string);
  'reportJson'?: (string);
  'body'?: "progress"|"findingJson"|"reportJson";
}
