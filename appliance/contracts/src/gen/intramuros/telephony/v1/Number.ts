// From proto/telephony.proto


export interface Number {
  'id'?: (string);
  'trunkId'?: (string);
  'pattern'?: (string);
  'flowId'?: (string);
  'calendarId'?: (string);
  'closedFlowId'?: (string);
}

export interface Number__Output {
  'id': (string);
  'trunkId': (string);
  'pattern': (string);
  'flowId': (string);
  'calendarId': (string);
  'closedFlowId': (string);
}
