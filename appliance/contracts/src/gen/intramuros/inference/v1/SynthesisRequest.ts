// From proto/inference.proto


export interface SynthesisRequest {
  'text'?: (string);
  'language'?: (string);
  'sampleRateHz'?: (number);
  'rate'?: (number | string);
}

export interface SynthesisRequest__Output {
  'text': (string);
  'language': (string);
  'sampleRateHz': (number);
  'rate': (number);
}
