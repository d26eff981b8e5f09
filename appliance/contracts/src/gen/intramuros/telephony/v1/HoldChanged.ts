// From proto/telephony.proto


export interface HoldChanged {
  'onHold'?: (boolean);
}

export interface HoldChanged__Output {
  'onHold': (boolean);
}
