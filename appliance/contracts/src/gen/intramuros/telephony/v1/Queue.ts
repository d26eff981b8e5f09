// From proto/telephony.proto

import type { OutsideNumber as _intramuros_telephony_v1_OutsideNumber, OutsideNumber__Output as _intramuros_telephony_v1_OutsideNumber__Output } from '../../../intramuros/telephony/v1/OutsideNumber.ts';

export interface Queue {
  'id'?: (string);
  'name'?: (string);
  'phoneIds'?: (string)[];
  'ringSeconds'?: (number);
  'outside'?: (_intramuros_telephony_v1_OutsideNumber)[];
}

export interface Queue__Output {
  'id': (string);
  'name': (string);
  'phoneIds': (string)[];
  'ringSeconds': (number);
  'outside': (_intramuros_telephony_v1_OutsideNumber__Output)[];
}
