// From proto/telephony.proto


export interface OutsideNumber {
  'trunkId'?: (string);
  'number'?: (string);
  'name'?: (string);
}

export interface OutsideNumber__Output {
  'trunkId': (string);
  'number': (string);
  'name': (string);
}
