// From proto/telephony.proto


export interface Offered {
  'from'?: (string);
  'to'?: (string);
  'displayName'?: (string);
  'trunkId'?: (string);
  'numberId'?: (string);
  'flowId'?: (string);
  'sourceAddress'?: (string);
  'sipCallId'?: (string);
  'codec'?: (string);
  'language'?: (string);
}

export interface Offered__Output {
  'from': (string);
  'to': (string);
  'displayName': (string);
  'trunkId': (string);
  'numberId': (string);
  'flowId': (string);
  'sourceAddress': (string);
  'sipCallId': (string);
  'codec': (string);
  'language': (string);
}
