// From proto/telephony.proto


export interface PlaybackFinished {
  'sayId'?: (string);
  'interrupted'?: (boolean);
  'playedMs'?: (number);
}

export interface PlaybackFinished__Output {
  'sayId': (string);
  'interrupted': (boolean);
  'playedMs': (number);
}
