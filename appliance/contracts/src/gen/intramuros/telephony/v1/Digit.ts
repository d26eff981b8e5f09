// From proto/telephony.proto


export interface Digit {
  'digit'?: (string);
  'via'?: (string);
  'turn'?: (number);
}

export interface Digit__Output {
  'digit': (string);
  'via': (string);
  'turn': (number);
}
