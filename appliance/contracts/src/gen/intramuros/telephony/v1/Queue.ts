// From proto/telephony.proto


export interface Queue {
  'id'?: (string);
  'name'?: (string);
  'phoneIds'?: (string)[];
  'ringSeconds'?: (number);
}

export interface Queue__Output {
  'id': (string);
  'name': (string);
  'phoneIds': (string)[];
  'ringSeconds': (number);
}
