// From proto/telephony.proto

import type { MediaReport as _intramuros_telephony_v1_MediaReport, MediaReport__Output as _intramuros_telephony_v1_MediaReport__Output } from '../../../intramuros/telephony/v1/MediaReport.ts';

export interface Ended {
  'side'?: (string);
  'reason'?: (string);
  'sipCode'?: (number);
  'q850'?: (number);
  'durationMs'?: (number);
  'media'?: (_intramuros_telephony_v1_MediaReport | null);
}

export interface Ended__Output {
  'side': (string);
  'reason': (string);
  'sipCode': (number);
  'q850': (number);
  'durationMs': (number);
  'media': (_intramuros_telephony_v1_MediaReport__Output | null);
}
