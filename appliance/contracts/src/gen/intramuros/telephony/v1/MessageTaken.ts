// From proto/telephony.proto


export interface MessageTaken {
  'recordingPath'?: (string);
  'durationMs'?: (number);
  'transcript'?: (string);
}

export interface MessageTaken__Output {
  'recordingPath': (string);
  'durationMs': (number);
  'transcript': (string);
}
