// From proto/telephony.proto

import type { Hello as _intramuros_telephony_v1_Hello, Hello__Output as _intramuros_telephony_v1_Hello__Output } from '../../../intramuros/telephony/v1/Hello.ts';
import type { Ack as _intramuros_telephony_v1_Ack, Ack__Output as _intramuros_telephony_v1_Ack__Output } from '../../../intramuros/telephony/v1/Ack.ts';
import type { Setup as _intramuros_telephony_v1_Setup, Setup__Output as _intramuros_telephony_v1_Setup__Output } from '../../../intramuros/telephony/v1/Setup.ts';
import type { Say as _intramuros_telephony_v1_Say, Say__Output as _intramuros_telephony_v1_Say__Output } from '../../../intramuros/telephony/v1/Say.ts';
import type { Handoff as _intramuros_telephony_v1_Handoff, Handoff__Output as _intramuros_telephony_v1_Handoff__Output } from '../../../intramuros/telephony/v1/Handoff.ts';
import type { HangUp as _intramuros_telephony_v1_HangUp, HangUp__Output as _intramuros_telephony_v1_HangUp__Output } from '../../../intramuros/telephony/v1/HangUp.ts';
import type { TakeMessage as _intramuros_telephony_v1_TakeMessage, TakeMessage__Output as _intramuros_telephony_v1_TakeMessage__Output } from '../../../intramuros/telephony/v1/TakeMessage.ts';

export interface Command {
  'hello'?: (_intramuros_telephony_v1_Hello | null);
  'ack'?: (_intramuros_telephony_v1_Ack | null);
  'setup'?: (_intramuros_telephony_v1_Setup | null);
  'say'?: (_intramuros_telephony_v1_Say | null);
  'handoff'?: (_intramuros_telephony_v1_Handoff | null);
  'hangUp'?: (_intramuros_telephony_v1_HangUp | null);
  'takeMessage'?: (_intramuros_telephony_v1_TakeMessage | null);
  'body'?: "hello"|"ack"|"setup"|"say"|"handoff"|"hangUp"|"takeMessage";
}

export interface Command__Output {
  'hello'?: (_intramuros_telephony_v1_Hello__Output | null);
  'ack'?: (_intramuros_telephony_v1_Ack__Output | null);
  'setup'?: (_intramuros_telephony_v1_Setup__Output | null);
  'say'?: (_intramuros_telephony_v1_Say__Output | null);
  'handoff'?: (_intramuros_telephony_v1_Handoff__Output | null);
  'hangUp'?: (_intramuros_telephony_v1_HangUp__Output | null);
  'takeMessage'?: (_intramuros_telephony_v1_TakeMessage__Output | null);
  'body'?: "hello"|"ack"|"setup"|"say"|"handoff"|"hangUp"|"takeMessage";
}
