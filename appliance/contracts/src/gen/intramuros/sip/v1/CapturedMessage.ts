// From proto/sip.proto


export interface CapturedMessage {
  'atMs'?: (number | string);
  'direction'?: (string);
  'transport'?: (string);
  'localAddress'?: (string);
  'localPort'?: (number);
  'remoteAddress'?: (string);
  'remotePort'?: (number);
  'data'?: (Buffer | Uint8Array | string);
}

export interface CapturedMessage__Output {
  'atMs': (number);
  'direction': (string);
  'transport': (string);
  'localAddress': (string);
  'localPort': (number);
  'remoteAddress': (string);
  'remotePort': (number);
  'data': (Buffer);
}
