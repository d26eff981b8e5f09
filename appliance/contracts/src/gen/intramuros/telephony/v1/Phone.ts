// From proto/telephony.proto


export interface Phone {
  'id'?: (string);
  'name'?: (string);
  'username'?: (string);
  'password'?: (string);
}

export interface Phone__Output {
  'id': (string);
  'name': (string);
  'username': (string);
  'password': (string);
}
