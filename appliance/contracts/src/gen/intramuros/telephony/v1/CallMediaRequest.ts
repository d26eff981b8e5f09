// From proto/telephony.proto


export interface CallMediaRequest {
  'sipCallId'?: (string);
}

export interface CallMediaRequest__Output {
  'sipCallId': (string);
}
