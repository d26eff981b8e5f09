// From proto/telephony.proto


export interface Trunk {
  'id'?: (string);
  'formJson'?: (string);
}

export interface Trunk__Output {
  'id': (string);
  'formJson': (string);
}
