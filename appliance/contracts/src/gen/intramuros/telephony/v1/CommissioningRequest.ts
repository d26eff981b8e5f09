// From proto/telephony.proto


export interface CommissioningRequest {
  'say'?: (string);
  'wavPath'?: (string);
  'to'?: (string);
  'language'?: (string);
  'digits'?: (string)[];
  'timeoutMs'?: (number);
}

export interface CommissioningRequest__Output {
  'say': (string);
  'wavPath': (string);
  'to': (string);
  'language': (string);
  'digits': (string)[];
  'timeoutMs': (number);
}
