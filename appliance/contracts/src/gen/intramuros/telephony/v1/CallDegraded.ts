// From proto/telephony.proto


export interface CallDegraded {
  'reason'?: (string);
  'hint'?: (string);
}

export interface CallDegraded__Output {
  'reason': (string);
  'hint': (string);
}
