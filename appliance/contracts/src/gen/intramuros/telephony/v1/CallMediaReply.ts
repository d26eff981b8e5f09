// From proto/telephony.proto


export interface CallMediaReply {
  'legsJson'?: (string)[];
  'sipCallIds'?: (string)[];
  'callId'?: (string);
}

export interface CallMediaReply__Output {
  'legsJson': (string)[];
  'sipCallIds': (string)[];
  'callId': (string);
}
