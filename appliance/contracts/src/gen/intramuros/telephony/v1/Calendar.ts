// From proto/telephony.proto


export interface Calendar {
  'id'?: (string);
  'formJson'?: (string);
}

export interface Calendar__Output {
  'id': (string);
  'formJson': (string);
}
