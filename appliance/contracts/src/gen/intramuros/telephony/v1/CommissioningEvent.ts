// From proto/telephony.proto


export interface CommissioningEvent {
  'progress'?: (string);
  'reportJson'?: (string);
  'body'?: "progress"|"reportJson";
}

export interface CommissioningEvent__Output {
  'progress'?: (string);
  'reportJson'?: (string);
  'body'?: "progress"|"reportJson";
}
