// From proto/telephony.proto

import type { Offered as _intramuros_telephony_v1_Offered, Offered__Output as _intramuros_telephony_v1_Offered__Output } from '../../../intramuros/telephony/v1/Offered.ts';
import type { Answered as _intramuros_telephony_v1_Answered, Answered__Output as _intramuros_telephony_v1_Answered__Output } from '../../../intramuros/telephony/v1/Answered.ts';
import type { SpeechStartedEvent as _intramuros_telephony_v1_SpeechStartedEvent, SpeechStartedEvent__Output as _intramuros_telephony_v1_SpeechStartedEvent__Output } from '../../../intramuros/telephony/v1/SpeechStartedEvent.ts';
import type { PartialTranscript as _intramuros_telephony_v1_PartialTranscript, PartialTranscript__Output as _intramuros_telephony_v1_PartialTranscript__Output } from '../../../intramuros/telephony/v1/PartialTranscript.ts';
import type { Utterance as _intramuros_telephony_v1_Utterance, Utterance__Output as _intramuros_telephony_v1_Utterance__Output } from '../../../intramuros/telephony/v1/Utterance.ts';
import type { Digit as _intramuros_telephony_v1_Digit, Digit__Output as _intramuros_telephony_v1_Digit__Output } from '../../../intramuros/telephony/v1/Digit.ts';
import type { NoInput as _intramuros_telephony_v1_NoInput, NoInput__Output as _intramuros_telephony_v1_NoInput__Output } from '../../../intramuros/telephony/v1/NoInput.ts';
import type { PlaybackStarted as _intramuros_telephony_v1_PlaybackStarted, PlaybackStarted__Output as _intramuros_telephony_v1_PlaybackStarted__Output } from '../../../intramuros/telephony/v1/PlaybackStarted.ts';
import type { PlaybackFinished as _intramuros_telephony_v1_PlaybackFinished, PlaybackFinished__Output as _intramuros_telephony_v1_PlaybackFinished__Output } from '../../../intramuros/telephony/v1/PlaybackFinished.ts';
import type { Ringing as _intramuros_telephony_v1_Ringing, Ringing__Output as _intramuros_telephony_v1_Ringing__Output } from '../../../intramuros/telephony/v1/Ringing.ts';
import type { Bridged as _intramuros_telephony_v1_Bridged, Bridged__Output as _intramuros_telephony_v1_Bridged__Output } from '../../../intramuros/telephony/v1/Bridged.ts';
import type { HandoffFailed as _intramuros_telephony_v1_HandoffFailed, HandoffFailed__Output as _intramuros_telephony_v1_HandoffFailed__Output } from '../../../intramuros/telephony/v1/HandoffFailed.ts';
import type { MessageTaken as _intramuros_telephony_v1_MessageTaken, MessageTaken__Output as _intramuros_telephony_v1_MessageTaken__Output } from '../../../intramuros/telephony/v1/MessageTaken.ts';
import type { HoldChanged as _intramuros_telephony_v1_HoldChanged, HoldChanged__Output as _intramuros_telephony_v1_HoldChanged__Output } from '../../../intramuros/telephony/v1/HoldChanged.ts';
import type { Ended as _intramuros_telephony_v1_Ended, Ended__Output as _intramuros_telephony_v1_Ended__Output } from '../../../intramuros/telephony/v1/Ended.ts';
import type { Refused as _intramuros_telephony_v1_Refused, Refused__Output as _intramuros_telephony_v1_Refused__Output } from '../../../intramuros/telephony/v1/Refused.ts';
import type { PhoneState as _intramuros_telephony_v1_PhoneState, PhoneState__Output as _intramuros_telephony_v1_PhoneState__Output } from '../../../intramuros/telephony/v1/PhoneState.ts';
import type { CallDegraded as _intramuros_telephony_v1_CallDegraded, CallDegraded__Output as _intramuros_telephony_v1_CallDegraded__Output } from '../../../intramuros/telephony/v1/CallDegraded.ts';
import type { Spoken as _intramuros_telephony_v1_Spoken, Spoken__Output as _intramuros_telephony_v1_Spoken__Output } from '../../../intramuros/telephony/v1/Spoken.ts';
import type { TrunkState as _intramuros_telephony_v1_TrunkState, TrunkState__Output as _intramuros_telephony_v1_TrunkState__Output } from '../../../intramuros/telephony/v1/TrunkState.ts';
import type { Long } from '@grpc/proto-loader';

export interface CallEvent {
  'seq'?: (number | string | Long);
  'logId'?: (string);
  'atMs'?: (number | string | Long);
  'callId'?: (string);
  'offered'?: (_intramuros_telephony_v1_Offered | null);
  'answered'?: (_intramuros_telephony_v1_Answered | null);
  'speechStarted'?: (_intramuros_telephony_v1_SpeechStartedEvent | null);
  'partial'?: (_intramuros_telephony_v1_PartialTranscript | null);
  'utterance'?: (_intramuros_telephony_v1_Utterance | null);
  'digit'?: (_intramuros_telephony_v1_Digit | null);
  'noInput'?: (_intramuros_telephony_v1_NoInput | null);
  'playbackStarted'?: (_intramuros_telephony_v1_PlaybackStarted | null);
  'playbackFinished'?: (_intramuros_telephony_v1_PlaybackFinished | null);
  'ringing'?: (_intramuros_telephony_v1_Ringing | null);
  'bridged'?: (_intramuros_telephony_v1_Bridged | null);
  'handoffFailed'?: (_intramuros_telephony_v1_HandoffFailed | null);
  'messageTaken'?: (_intramuros_telephony_v1_MessageTaken | null);
  'holdChanged'?: (_intramuros_telephony_v1_HoldChanged | null);
  'ended'?: (_intramuros_telephony_v1_Ended | null);
  'refused'?: (_intramuros_telephony_v1_Refused | null);
  'phoneState'?: (_intramuros_telephony_v1_PhoneState | null);
  'degraded'?: (_intramuros_telephony_v1_CallDegraded | null);
  'spoken'?: (_intramuros_telephony_v1_Spoken | null);
  'trunkState'?: (_intramuros_telephony_v1_TrunkState | null);
  'body'?: "offered"|"answered"|"speechStarted"|"partial"|"utterance"|"digit"|"noInput"|"playbackStarted"|"playbackFinished"|"ringing"|"bridged"|"handoffFailed"|"messageTaken"|"holdChanged"|"ended"|"refused"|"phoneState"|"degraded"|"spoken"|"trunkState";
}

export interface CallEvent__Output {
  'seq': (number);
  'logId': (string);
  'atMs': (number);
  'callId': (string);
  'offered'?: (_intramuros_telephony_v1_Offered__Output | null);
  'answered'?: (_intramuros_telephony_v1_Answered__Output | null);
  'speechStarted'?: (_intramuros_telephony_v1_SpeechStartedEvent__Output | null);
  'partial'?: (_intramuros_telephony_v1_PartialTranscript__Output | null);
  'utterance'?: (_intramuros_telephony_v1_Utterance__Output | null);
  'digit'?: (_intramuros_telephony_v1_Digit__Output | null);
  'noInput'?: (_intramuros_telephony_v1_NoInput__Output | null);
  'playbackStarted'?: (_intramuros_telephony_v1_PlaybackStarted__Output | null);
  'playbackFinished'?: (_intramuros_telephony_v1_PlaybackFinished__Output | null);
  'ringing'?: (_intramuros_telephony_v1_Ringing__Output | null);
  'bridged'?: (_intramuros_telephony_v1_Bridged__Output | null);
  'handoffFailed'?: (_intramuros_telephony_v1_HandoffFailed__Output | null);
  'messageTaken'?: (_intramuros_telephony_v1_MessageTaken__Output | null);
  'holdChanged'?: (_intramuros_telephony_v1_HoldChanged__Output | null);
  'ended'?: (_intramuros_telephony_v1_Ended__Output | null);
  'refused'?: (_intramuros_telephony_v1_Refused__Output | null);
  'phoneState'?: (_intramuros_telephony_v1_PhoneState__Output | null);
  'degraded'?: (_intramuros_telephony_v1_CallDegraded__Output | null);
  'spoken'?: (_intramuros_telephony_v1_Spoken__Output | null);
  'trunkState'?: (_intramuros_telephony_v1_TrunkState__Output | null);
  'body'?: "offered"|"answered"|"speechStarted"|"partial"|"utterance"|"digit"|"noInput"|"playbackStarted"|"playbackFinished"|"ringing"|"bridged"|"handoffFailed"|"messageTaken"|"holdChanged"|"ended"|"refused"|"phoneState"|"degraded"|"spoken"|"trunkState";
}
