// From proto/telephony.proto

import type { MenuItem as _intramuros_telephony_v1_MenuItem, MenuItem__Output as _intramuros_telephony_v1_MenuItem__Output } from '../../../intramuros/telephony/v1/MenuItem.ts';

export interface Flow {
  'id'?: (string);
  'name'?: (string);
  'language'?: (string);
  'greeting'?: (string);
  'menuPrompt'?: (string);
  'menu'?: (_intramuros_telephony_v1_MenuItem)[];
  'queueId'?: (string);
  'noInputPrompt'?: (string);
  'noMatchPrompt'?: (string);
  'handoffPrompt'?: (string);
  'messagePrompt'?: (string);
  'goodbyePrompt'?: (string);
  'noInputMs'?: (number);
  'maxNoInput'?: (number);
}

export interface Flow__Output {
  'id': (string);
  'name': (string);
  'language': (string);
  'greeting': (string);
  'menuPrompt': (string);
  'menu': (_intramuros_telephony_v1_MenuItem__Output)[];
  'queueId': (string);
  'noInputPrompt': (string);
  'noMatchPrompt': (string);
  'handoffPrompt': (string);
  'messagePrompt': (string);
  'goodbyePrompt': (string);
  'noInputMs': (number);
  'maxNoInput': (number);
}
