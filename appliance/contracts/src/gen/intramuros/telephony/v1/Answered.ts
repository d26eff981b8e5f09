// From proto/telephony.proto


export interface Answered {
  'codec'?: (string);
  'setupMs'?: (number);
}

export interface Answered__Output {
  'codec': (string);
  'setupMs': (number);
}
