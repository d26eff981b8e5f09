// From proto/sip.proto


export interface ListCallsRequest {
  'limit'?: (number);
  'beforeMs'?: (number | string);
  'remoteAddress'?: (string);
  'callIds'?: (string)[];
}

export interface ListCallsRequest__Output {
  'limit': (number);
  'beforeMs': (number);
  'remoteAddress': (string);
  'callIds': (string)[];
}
