// From proto/telephony.proto


export interface MenuItem {
  'digit'?: (string);
  'action'?: (string);
  'text'?: (string);
  'queueId'?: (string);
  'flowId'?: (string);
}

export interface MenuItem__Output {
  'digit': (string);
  'action': (string);
  'text': (string);
  'queueId': (string);
  'flowId': (string);
}
