// From proto/telephony.proto

import type { PhoneState as _intramuros_telephony_v1_PhoneState, PhoneState__Output as _intramuros_telephony_v1_PhoneState__Output } from '../../../intramuros/telephony/v1/PhoneState.ts';
import type { Long } from '@grpc/proto-loader';

export interface TelephonyStatus {
  'sipConnected'?: (boolean);
  'sipAddresses'?: (string)[];
  'speechAvailable'?: (boolean);
  'synthesisAvailable'?: (boolean);
  'calls'?: (number);
  'maxCalls'?: (number);
  'callsTotal'?: (number | string | Long);
  'refusedTotal'?: (number | string | Long);
  'setupRevision'?: (number | string | Long);
  'phones'?: (_intramuros_telephony_v1_PhoneState)[];
  'problem'?: (string);
  'unacknowledgedEvents'?: (number | string | Long);
}

export interface TelephonyStatus__Output {
  'sipConnected': (boolean);
  'sipAddresses': (string)[];
  'speechAvailable': (boolean);
  'synthesisAvailable': (boolean);
  'calls': (number);
  'maxCalls': (number);
  'callsTotal': (number);
  'refusedTotal': (number);
  'setupRevision': (number);
  'phones': (_intramuros_telephony_v1_PhoneState__Output)[];
  'problem': (string);
  'unacknowledgedEvents': (number);
}
