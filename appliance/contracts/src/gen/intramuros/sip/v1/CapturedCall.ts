// From proto/sip.proto


export interface CapturedCall {
  'callId'?: (string);
  'atMs'?: (number | string);
  'direction'?: (string);
  'fromUser'?: (string);
  'toUser'?: (string);
  'transport'?: (string);
  'local'?: (string);
  'remote'?: (string);
  'messages'?: (number);
  'finalStatus'?: (number);
  'finalMs'?: (number | string);
  'ringingMs'?: (number | string);
  'endMs'?: (number | string);
  'endedBy'?: (string);
  'reason'?: (string);
}

export interface CapturedCall__Output {
  'callId': (string);
  'atMs': (number);
  'direction': (string);
  'fromUser': (string);
  'toUser': (string);
  'transport': (string);
  'local': (string);
  'remote': (string);
  'messages': (number);
  'finalStatus': (number);
  'finalMs': (number);
  'ringingMs': (number);
  'endMs': (number);
  'endedBy': (string);
  'reason': (string);
}
