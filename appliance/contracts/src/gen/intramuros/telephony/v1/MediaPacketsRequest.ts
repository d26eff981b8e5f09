// From proto/telephony.proto


export interface MediaPacketsRequest {
  'sipCallId'?: (string);
  'withRtp'?: (boolean);
}

export interface MediaPacketsRequest__Output {
  'sipCallId': (string);
  'withRtp': (boolean);
}
