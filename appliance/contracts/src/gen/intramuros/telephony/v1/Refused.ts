// From proto/telephony.proto


export interface Refused {
  'reason'?: (string);
  'sipCode'?: (number);
  'sourceAddress'?: (string);
  'to'?: (string);
  'from'?: (string);
}

export interface Refused__Output {
  'reason': (string);
  'sipCode': (number);
  'sourceAddress': (string);
  'to': (string);
  'from': (string);
}
