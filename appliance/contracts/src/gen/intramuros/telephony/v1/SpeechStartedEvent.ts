// From proto/telephony.proto


export interface SpeechStartedEvent {
  'bargeIn'?: (boolean);
  'stoppedAfterMs'?: (number);
}

export interface SpeechStartedEvent__Output {
  'bargeIn': (boolean);
  'stoppedAfterMs': (number);
}
