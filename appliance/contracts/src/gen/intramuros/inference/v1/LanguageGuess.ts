// From proto/inference.proto


export interface LanguageGuess {
  'language'?: (string);
  'probability'?: (number | string);
}

export interface LanguageGuess__Output {
  'language': (string);
  'probability': (number);
}
