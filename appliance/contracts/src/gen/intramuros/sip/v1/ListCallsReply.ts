// From proto/sip.proto

import type { CapturedCall as _intramuros_sip_v1_CapturedCall, CapturedCall__Output as _intramuros_sip_v1_CapturedCall__Output } from '../../../intramuros/sip/v1/CapturedCall.ts';

export interface ListCallsReply {
  'calls'?: (_intramuros_sip_v1_CapturedCall)[];
  'oldestMs'?: (number | string);
}

export interface ListCallsReply__Output {
  'calls': (_intramuros_sip_v1_CapturedCall__Output)[];
  'oldestMs': (number);
}
