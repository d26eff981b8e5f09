// From proto/telephony.proto

import type { Setup as _intramuros_telephony_v1_Setup, Setup__Output as _intramuros_telephony_v1_Setup__Output } from '../../../intramuros/telephony/v1/Setup.ts';
import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'lastStoredSeq'?: (number | string | Long);
  'logId'?: (string);
  'setup'?: (_intramuros_telephony_v1_Setup | null);
}

export interface Hello__Output {
  'lastStoredSeq': (number);
  'logId': (string);
  'setup': (_intramuros_telephony_v1_Setup__Output | null);
}
