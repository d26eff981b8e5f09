// From proto/telephony.proto


export interface PhoneState {
  'phoneId'?: (string);
  'registered'?: (boolean);
  'contact'?: (string);
}

export interface PhoneState__Output {
  'phoneId': (string);
  'registered': (boolean);
  'contact': (string);
}
