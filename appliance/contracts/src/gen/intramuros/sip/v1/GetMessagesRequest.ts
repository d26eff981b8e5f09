// From proto/sip.proto


export interface GetMessagesRequest {
  'callIds'?: (string)[];
  'fromMs'?: (number | string);
  'toMs'?: (number | string);
  'limit'?: (number);
}

export interface GetMessagesRequest__Output {
  'callIds': (string)[];
  'fromMs': (number);
  'toMs': (number);
  'limit': (number);
}
