// From proto/telephony.proto


export interface Trunk {
  'id'?: (string);
  'name'?: (string);
  'enabled'?: (boolean);
  'addresses'?: (string)[];
  'username'?: (string);
  'password'?: (string);
  'codecs'?: (string)[];
  'dtmf'?: (string);
  'maxCalls'?: (number);
}

export interface Trunk__Output {
  'id': (string);
  'name': (string);
  'enabled': (boolean);
  'addresses': (string)[];
  'username': (string);
  'password': (string);
  'codecs': (string)[];
  'dtmf': (string);
  'maxCalls': (number);
}
