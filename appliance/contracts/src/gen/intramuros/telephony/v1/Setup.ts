// From proto/telephony.proto

import type { Trunk as _intramuros_telephony_v1_Trunk, Trunk__Output as _intramuros_telephony_v1_Trunk__Output } from '../../../intramuros/telephony/v1/Trunk.ts';
import type { Number as _intramuros_telephony_v1_Number, Number__Output as _intramuros_telephony_v1_Number__Output } from '../../../intramuros/telephony/v1/Number.ts';
import type { Flow as _intramuros_telephony_v1_Flow, Flow__Output as _intramuros_telephony_v1_Flow__Output } from '../../../intramuros/telephony/v1/Flow.ts';
import type { Queue as _intramuros_telephony_v1_Queue, Queue__Output as _intramuros_telephony_v1_Queue__Output } from '../../../intramuros/telephony/v1/Queue.ts';
import type { Phone as _intramuros_telephony_v1_Phone, Phone__Output as _intramuros_telephony_v1_Phone__Output } from '../../../intramuros/telephony/v1/Phone.ts';
import type { Calendar as _intramuros_telephony_v1_Calendar, Calendar__Output as _intramuros_telephony_v1_Calendar__Output } from '../../../intramuros/telephony/v1/Calendar.ts';
import type { Long } from '@grpc/proto-loader';

export interface Setup {
  'revision'?: (number | string | Long);
  'trunks'?: (_intramuros_telephony_v1_Trunk)[];
  'numbers'?: (_intramuros_telephony_v1_Number)[];
  'flows'?: (_intramuros_telephony_v1_Flow)[];
  'queues'?: (_intramuros_telephony_v1_Queue)[];
  'phones'?: (_intramuros_telephony_v1_Phone)[];
  'calendars'?: (_intramuros_telephony_v1_Calendar)[];
}

export interface Setup__Output {
  'revision': (number);
  'trunks': (_intramuros_telephony_v1_Trunk__Output)[];
  'numbers': (_intramuros_telephony_v1_Number__Output)[];
  'flows': (_intramuros_telephony_v1_Flow__Output)[];
  'queues': (_intramuros_telephony_v1_Queue__Output)[];
  'phones': (_intramuros_telephony_v1_Phone__Output)[];
  'calendars': (_intramuros_telephony_v1_Calendar__Output)[];
}
