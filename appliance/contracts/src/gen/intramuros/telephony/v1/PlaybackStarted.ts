// From proto/telephony.proto


export interface PlaybackStarted {
  'sayId'?: (string);
  'text'?: (string);
  'language'?: (string);
  'turn'?: (number);
  'synthesisMs'?: (number);
  'responseMs'?: (number);
}

export interface PlaybackStarted__Output {
  'sayId': (string);
  'text': (string);
  'language': (string);
  'turn': (number);
  'synthesisMs': (number);
  'responseMs': (number);
}
