// From proto/telephony.proto


export interface MediaPacket {
  'atMs'?: (number | string);
  'outgoing'?: (boolean);
  'rtcp'?: (boolean);
  'localAddress'?: (string);
  'localPort'?: (number);
  'remoteAddress'?: (string);
  'remotePort'?: (number);
  'data'?: (Buffer | Uint8Array | string);
}

export interface MediaPacket__Output {
  'atMs': (number);
  'outgoing': (boolean);
  'rtcp': (boolean);
  'localAddress': (string);
  'localPort': (number);
  'remoteAddress': (string);
  'remotePort': (number);
  'data': (Buffer);
}
