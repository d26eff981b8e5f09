// From proto/telephony.proto


export interface Say {
  'callId'?: (string);
  'turn'?: (number);
  'sayId'?: (string);
  'text'?: (string);
  'language'?: (string);
  'then'?: (string);
  'queueId'?: (string);
  'rate'?: (number | string);
  'listenLanguage'?: (string);
}

export interface Say__Output {
  'callId': (string);
  'turn': (number);
  'sayId': (string);
  'text': (string);
  'language': (string);
  'then': (string);
  'queueId': (string);
  'rate': (number);
  'listenLanguage': (string);
}
