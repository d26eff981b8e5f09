// From proto/telephony.proto

import type { Long } from '@grpc/proto-loader';

export interface MediaReport {
  'codec'?: (string);
  'packetsIn'?: (number | string | Long);
  'packetsOut'?: (number | string | Long);
  'lostIn'?: (number | string | Long);
  'lateIn'?: (number | string | Long);
  'strangerIn'?: (number | string | Long);
  'jitterInMs'?: (number | string);
  'roundTripMs'?: (number | string);
  'lossOutFraction'?: (number | string);
  'jitterOutMs'?: (number | string);
  'concealedMs'?: (number | string | Long);
}

export interface MediaReport__Output {
  'codec': (string);
  'packetsIn': (number);
  'packetsOut': (number);
  'lostIn': (number);
  'lateIn': (number);
  'strangerIn': (number);
  'jitterInMs': (number);
  'roundTripMs': (number);
  'lossOutFraction': (number);
  'jitterOutMs': (number);
  'concealedMs': (number);
}
