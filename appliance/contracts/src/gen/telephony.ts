import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Degraded as _intramuros_inference_v1_Degraded, Degraded__Output as _intramuros_inference_v1_Degraded__Output } from './intramuros/inference/v1/Degraded.ts';
import type { Emotion as _intramuros_inference_v1_Emotion, Emotion__Output as _intramuros_inference_v1_Emotion__Output } from './intramuros/inference/v1/Emotion.ts';
import type { InferenceLoad as _intramuros_inference_v1_InferenceLoad, InferenceLoad__Output as _intramuros_inference_v1_InferenceLoad__Output } from './intramuros/inference/v1/InferenceLoad.ts';
import type { IntentExample as _intramuros_inference_v1_IntentExample, IntentExample__Output as _intramuros_inference_v1_IntentExample__Output } from './intramuros/inference/v1/IntentExample.ts';
import type { IntentMatch as _intramuros_inference_v1_IntentMatch, IntentMatch__Output as _intramuros_inference_v1_IntentMatch__Output } from './intramuros/inference/v1/IntentMatch.ts';
import type { IntentMatches as _intramuros_inference_v1_IntentMatches, IntentMatches__Output as _intramuros_inference_v1_IntentMatches__Output } from './intramuros/inference/v1/IntentMatches.ts';
import type { IntentRequest as _intramuros_inference_v1_IntentRequest, IntentRequest__Output as _intramuros_inference_v1_IntentRequest__Output } from './intramuros/inference/v1/IntentRequest.ts';
import type { LanguageClient as _intramuros_inference_v1_LanguageClient, LanguageDefinition as _intramuros_inference_v1_LanguageDefinition } from './intramuros/inference/v1/Language.ts';
import type { LanguageGuess as _intramuros_inference_v1_LanguageGuess, LanguageGuess__Output as _intramuros_inference_v1_LanguageGuess__Output } from './intramuros/inference/v1/LanguageGuess.ts';
import type { ListModelsRequest as _intramuros_inference_v1_ListModelsRequest, ListModelsRequest__Output as _intramuros_inference_v1_ListModelsRequest__Output } from './intramuros/inference/v1/ListModelsRequest.ts';
import type { ListModelsResponse as _intramuros_inference_v1_ListModelsResponse, ListModelsResponse__Output as _intramuros_inference_v1_ListModelsResponse__Output } from './intramuros/inference/v1/ListModelsResponse.ts';
import type { ModelRef as _intramuros_inference_v1_ModelRef, ModelRef__Output as _intramuros_inference_v1_ModelRef__Output } from './intramuros/inference/v1/ModelRef.ts';
import type { ModelScore as _intramuros_inference_v1_ModelScore, ModelScore__Output as _intramuros_inference_v1_ModelScore__Output } from './intramuros/inference/v1/ModelScore.ts';
import type { ModelState as _intramuros_inference_v1_ModelState, ModelState__Output as _intramuros_inference_v1_ModelState__Output } from './intramuros/inference/v1/ModelState.ts';
import type { ModelsClient as _intramuros_inference_v1_ModelsClient, ModelsDefinition as _intramuros_inference_v1_ModelsDefinition } from './intramuros/inference/v1/Models.ts';
import type { SpeechClient as _intramuros_inference_v1_SpeechClient, SpeechDefinition as _intramuros_inference_v1_SpeechDefinition } from './intramuros/inference/v1/Speech.ts';
import type { SpeechEnded as _intramuros_inference_v1_SpeechEnded, SpeechEnded__Output as _intramuros_inference_v1_SpeechEnded__Output } from './intramuros/inference/v1/SpeechEnded.ts';
import type { SpeechEvent as _intramuros_inference_v1_SpeechEvent, SpeechEvent__Output as _intramuros_inference_v1_SpeechEvent__Output } from './intramuros/inference/v1/SpeechEvent.ts';
import type { SpeechFinish as _intramuros_inference_v1_SpeechFinish, SpeechFinish__Output as _intramuros_inference_v1_SpeechFinish__Output } from './intramuros/inference/v1/SpeechFinish.ts';
import type { SpeechRequest as _intramuros_inference_v1_SpeechRequest, SpeechRequest__Output as _intramuros_inference_v1_SpeechRequest__Output } from './intramuros/inference/v1/SpeechRequest.ts';
import type { SpeechStart as _intramuros_inference_v1_SpeechStart, SpeechStart__Output as _intramuros_inference_v1_SpeechStart__Output } from './intramuros/inference/v1/SpeechStart.ts';
import type { SpeechStarted as _intramuros_inference_v1_SpeechStarted, SpeechStarted__Output as _intramuros_inference_v1_SpeechStarted__Output } from './intramuros/inference/v1/SpeechStarted.ts';
import type { SynthesisClient as _intramuros_inference_v1_SynthesisClient, SynthesisDefinition as _intramuros_inference_v1_SynthesisDefinition } from './intramuros/inference/v1/Synthesis.ts';
import type { SynthesisAudio as _intramuros_inference_v1_SynthesisAudio, SynthesisAudio__Output as _intramuros_inference_v1_SynthesisAudio__Output } from './intramuros/inference/v1/SynthesisAudio.ts';
import type { SynthesisRequest as _intramuros_inference_v1_SynthesisRequest, SynthesisRequest__Output as _intramuros_inference_v1_SynthesisRequest__Output } from './intramuros/inference/v1/SynthesisRequest.ts';
import type { TextRequest as _intramuros_inference_v1_TextRequest, TextRequest__Output as _intramuros_inference_v1_TextRequest__Output } from './intramuros/inference/v1/TextRequest.ts';
import type { Transcript as _intramuros_inference_v1_Transcript, Transcript__Output as _intramuros_inference_v1_Transcript__Output } from './intramuros/inference/v1/Transcript.ts';
import type { Word as _intramuros_inference_v1_Word, Word__Output as _intramuros_inference_v1_Word__Output } from './intramuros/inference/v1/Word.ts';
import type { Ack as _intramuros_telephony_v1_Ack, Ack__Output as _intramuros_telephony_v1_Ack__Output } from './intramuros/telephony/v1/Ack.ts';
import type { Answered as _intramuros_telephony_v1_Answered, Answered__Output as _intramuros_telephony_v1_Answered__Output } from './intramuros/telephony/v1/Answered.ts';
import type { Bridged as _intramuros_telephony_v1_Bridged, Bridged__Output as _intramuros_telephony_v1_Bridged__Output } from './intramuros/telephony/v1/Bridged.ts';
import type { Calendar as _intramuros_telephony_v1_Calendar, Calendar__Output as _intramuros_telephony_v1_Calendar__Output } from './intramuros/telephony/v1/Calendar.ts';
import type { CallControlClient as _intramuros_telephony_v1_CallControlClient, CallControlDefinition as _intramuros_telephony_v1_CallControlDefinition } from './intramuros/telephony/v1/CallControl.ts';
import type { CallDegraded as _intramuros_telephony_v1_CallDegraded, CallDegraded__Output as _intramuros_telephony_v1_CallDegraded__Output } from './intramuros/telephony/v1/CallDegraded.ts';
import type { CallEvent as _intramuros_telephony_v1_CallEvent, CallEvent__Output as _intramuros_telephony_v1_CallEvent__Output } from './intramuros/telephony/v1/CallEvent.ts';
import type { CallMediaReply as _intramuros_telephony_v1_CallMediaReply, CallMediaReply__Output as _intramuros_telephony_v1_CallMediaReply__Output } from './intramuros/telephony/v1/CallMediaReply.ts';
import type { CallMediaRequest as _intramuros_telephony_v1_CallMediaRequest, CallMediaRequest__Output as _intramuros_telephony_v1_CallMediaRequest__Output } from './intramuros/telephony/v1/CallMediaRequest.ts';
import type { Command as _intramuros_telephony_v1_Command, Command__Output as _intramuros_telephony_v1_Command__Output } from './intramuros/telephony/v1/Command.ts';
import type { CommissioningEvent as _intramuros_telephony_v1_CommissioningEvent, CommissioningEvent__Output as _intramuros_telephony_v1_CommissioningEvent__Output } from './intramuros/telephony/v1/CommissioningEvent.ts';
import type { CommissioningRequest as _intramuros_telephony_v1_CommissioningRequest, CommissioningRequest__Output as _intramuros_telephony_v1_CommissioningRequest__Output } from './intramuros/telephony/v1/CommissioningRequest.ts';
import type { Digit as _intramuros_telephony_v1_Digit, Digit__Output as _intramuros_telephony_v1_Digit__Output } from './intramuros/telephony/v1/Digit.ts';
import type { Ended as _intramuros_telephony_v1_Ended, Ended__Output as _intramuros_telephony_v1_Ended__Output } from './intramuros/telephony/v1/Ended.ts';
import type { Flow as _intramuros_telephony_v1_Flow, Flow__Output as _intramuros_telephony_v1_Flow__Output } from './intramuros/telephony/v1/Flow.ts';
import type { Handoff as _intramuros_telephony_v1_Handoff, Handoff__Output as _intramuros_telephony_v1_Handoff__Output } from './intramuros/telephony/v1/Handoff.ts';
import type { HandoffFailed as _intramuros_telephony_v1_HandoffFailed, HandoffFailed__Output as _intramuros_telephony_v1_HandoffFailed__Output } from './intramuros/telephony/v1/HandoffFailed.ts';
import type { HangUp as _intramuros_telephony_v1_HangUp, HangUp__Output as _intramuros_telephony_v1_HangUp__Output } from './intramuros/telephony/v1/HangUp.ts';
import type { Hello as _intramuros_telephony_v1_Hello, Hello__Output as _intramuros_telephony_v1_Hello__Output } from './intramuros/telephony/v1/Hello.ts';
import type { HoldChanged as _intramuros_telephony_v1_HoldChanged, HoldChanged__Output as _intramuros_telephony_v1_HoldChanged__Output } from './intramuros/telephony/v1/HoldChanged.ts';
import type { MediaPacket as _intramuros_telephony_v1_MediaPacket, MediaPacket__Output as _intramuros_telephony_v1_MediaPacket__Output } from './intramuros/telephony/v1/MediaPacket.ts';
import type { MediaPacketsRequest as _intramuros_telephony_v1_MediaPacketsRequest, MediaPacketsRequest__Output as _intramuros_telephony_v1_MediaPacketsRequest__Output } from './intramuros/telephony/v1/MediaPacketsRequest.ts';
import type { MediaReport as _intramuros_telephony_v1_MediaReport, MediaReport__Output as _intramuros_telephony_v1_MediaReport__Output } from './intramuros/telephony/v1/MediaReport.ts';
import type { MenuItem as _intramuros_telephony_v1_MenuItem, MenuItem__Output as _intramuros_telephony_v1_MenuItem__Output } from './intramuros/telephony/v1/MenuItem.ts';
import type { MessageTaken as _intramuros_telephony_v1_MessageTaken, MessageTaken__Output as _intramuros_telephony_v1_MessageTaken__Output } from './intramuros/telephony/v1/MessageTaken.ts';
import type { NoInput as _intramuros_telephony_v1_NoInput, NoInput__Output as _intramuros_telephony_v1_NoInput__Output } from './intramuros/telephony/v1/NoInput.ts';
import type { Number as _intramuros_telephony_v1_Number, Number__Output as _intramuros_telephony_v1_Number__Output } from './intramuros/telephony/v1/Number.ts';
import type { Offered as _intramuros_telephony_v1_Offered, Offered__Output as _intramuros_telephony_v1_Offered__Output } from './intramuros/telephony/v1/Offered.ts';
import type { OutsideNumber as _intramuros_telephony_v1_OutsideNumber, OutsideNumber__Output as _intramuros_telephony_v1_OutsideNumber__Output } from './intramuros/telephony/v1/OutsideNumber.ts';
import type { PartialTranscript as _intramuros_telephony_v1_PartialTranscript, PartialTranscript__Output as _intramuros_telephony_v1_PartialTranscript__Output } from './intramuros/telephony/v1/PartialTranscript.ts';
import type { Phone as _intramuros_telephony_v1_Phone, Phone__Output as _intramuros_telephony_v1_Phone__Output } from './intramuros/telephony/v1/Phone.ts';
import type { PhoneState as _intramuros_telephony_v1_PhoneState, PhoneState__Output as _intramuros_telephony_v1_PhoneState__Output } from './intramuros/telephony/v1/PhoneState.ts';
import type { PlaybackFinished as _intramuros_telephony_v1_PlaybackFinished, PlaybackFinished__Output as _intramuros_telephony_v1_PlaybackFinished__Output } from './intramuros/telephony/v1/PlaybackFinished.ts';
import type { PlaybackStarted as _intramuros_telephony_v1_PlaybackStarted, PlaybackStarted__Output as _intramuros_telephony_v1_PlaybackStarted__Output } from './intramuros/telephony/v1/PlaybackStarted.ts';
import type { Queue as _intramuros_telephony_v1_Queue, Queue__Output as _intramuros_telephony_v1_Queue__Output } from './intramuros/telephony/v1/Queue.ts';
import type { Refused as _intramuros_telephony_v1_Refused, Refused__Output as _intramuros_telephony_v1_Refused__Output } from './intramuros/telephony/v1/Refused.ts';
import type { Ringing as _intramuros_telephony_v1_Ringing, Ringing__Output as _intramuros_telephony_v1_Ringing__Output } from './intramuros/telephony/v1/Ringing.ts';
import type { Say as _intramuros_telephony_v1_Say, Say__Output as _intramuros_telephony_v1_Say__Output } from './intramuros/telephony/v1/Say.ts';
import type { Setup as _intramuros_telephony_v1_Setup, Setup__Output as _intramuros_telephony_v1_Setup__Output } from './intramuros/telephony/v1/Setup.ts';
import type { SpeechStartedEvent as _intramuros_telephony_v1_SpeechStartedEvent, SpeechStartedEvent__Output as _intramuros_telephony_v1_SpeechStartedEvent__Output } from './intramuros/telephony/v1/SpeechStartedEvent.ts';
import type { Spoken as _intramuros_telephony_v1_Spoken, Spoken__Output as _intramuros_telephony_v1_Spoken__Output } from './intramuros/telephony/v1/Spoken.ts';
import type { StatusRequest as _intramuros_telephony_v1_StatusRequest, StatusRequest__Output as _intramuros_telephony_v1_StatusRequest__Output } from './intramuros/telephony/v1/StatusRequest.ts';
import type { TakeMessage as _intramuros_telephony_v1_TakeMessage, TakeMessage__Output as _intramuros_telephony_v1_TakeMessage__Output } from './intramuros/telephony/v1/TakeMessage.ts';
import type { TelephonyStatus as _intramuros_telephony_v1_TelephonyStatus, TelephonyStatus__Output as _intramuros_telephony_v1_TelephonyStatus__Output } from './intramuros/telephony/v1/TelephonyStatus.ts';
import type { Trunk as _intramuros_telephony_v1_Trunk, Trunk__Output as _intramuros_telephony_v1_Trunk__Output } from './intramuros/telephony/v1/Trunk.ts';
import type { TrunkDoctorEvent as _intramuros_telephony_v1_TrunkDoctorEvent, TrunkDoctorEvent__Output as _intramuros_telephony_v1_TrunkDoctorEvent__Output } from './intramuros/telephony/v1/TrunkDoctorEvent.ts';
import type { TrunkDoctorRequest as _intramuros_telephony_v1_TrunkDoctorRequest, TrunkDoctorRequest__Output as _intramuros_telephony_v1_TrunkDoctorRequest__Output } from './intramuros/telephony/v1/TrunkDoctorRequest.ts';
import type { TrunkState as _intramuros_telephony_v1_TrunkState, TrunkState__Output as _intramuros_telephony_v1_TrunkState__Output } from './intramuros/telephony/v1/TrunkState.ts';
import type { TrunkStatusReply as _intramuros_telephony_v1_TrunkStatusReply, TrunkStatusReply__Output as _intramuros_telephony_v1_TrunkStatusReply__Output } from './intramuros/telephony/v1/TrunkStatusReply.ts';
import type { TrunkStatusRequest as _intramuros_telephony_v1_TrunkStatusRequest, TrunkStatusRequest__Output as _intramuros_telephony_v1_TrunkStatusRequest__Output } from './intramuros/telephony/v1/TrunkStatusRequest.ts';
import type { Utterance as _intramuros_telephony_v1_Utterance, Utterance__Output as _intramuros_telephony_v1_Utterance__Output } from './intramuros/telephony/v1/Utterance.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  intramuros: {
    inference: {
      v1: {
        Degraded: MessageTypeDefinition<_intramuros_inference_v1_Degraded, _intramuros_inference_v1_Degraded__Output>
        Emotion: MessageTypeDefinition<_intramuros_inference_v1_Emotion, _intramuros_inference_v1_Emotion__Output>
        InferenceLoad: MessageTypeDefinition<_intramuros_inference_v1_InferenceLoad, _intramuros_inference_v1_InferenceLoad__Output>
        IntentExample: MessageTypeDefinition<_intramuros_inference_v1_IntentExample, _intramuros_inference_v1_IntentExample__Output>
        IntentMatch: MessageTypeDefinition<_intramuros_inference_v1_IntentMatch, _intramuros_inference_v1_IntentMatch__Output>
        IntentMatches: MessageTypeDefinition<_intramuros_inference_v1_IntentMatches, _intramuros_inference_v1_IntentMatches__Output>
        IntentRequest: MessageTypeDefinition<_intramuros_inference_v1_IntentRequest, _intramuros_inference_v1_IntentRequest__Output>
        Language: SubtypeConstructor<typeof grpc.Client, _intramuros_inference_v1_LanguageClient> & { service: _intramuros_inference_v1_LanguageDefinition }
        LanguageGuess: MessageTypeDefinition<_intramuros_inference_v1_LanguageGuess, _intramuros_inference_v1_LanguageGuess__Output>
        ListModelsRequest: MessageTypeDefinition<_intramuros_inference_v1_ListModelsRequest, _intramuros_inference_v1_ListModelsRequest__Output>
        ListModelsResponse: MessageTypeDefinition<_intramuros_inference_v1_ListModelsResponse, _intramuros_inference_v1_ListModelsResponse__Output>
        ModelRef: MessageTypeDefinition<_intramuros_inference_v1_ModelRef, _intramuros_inference_v1_ModelRef__Output>
        ModelScore: MessageTypeDefinition<_intramuros_inference_v1_ModelScore, _intramuros_inference_v1_ModelScore__Output>
        ModelState: MessageTypeDefinition<_intramuros_inference_v1_ModelState, _intramuros_inference_v1_ModelState__Output>
        Models: SubtypeConstructor<typeof grpc.Client, _intramuros_inference_v1_ModelsClient> & { service: _intramuros_inference_v1_ModelsDefinition }
        Speech: SubtypeConstructor<typeof grpc.Client, _intramuros_inference_v1_SpeechClient> & { service: _intramuros_inference_v1_SpeechDefinition }
        SpeechEnded: MessageTypeDefinition<_intramuros_inference_v1_SpeechEnded, _intramuros_inference_v1_SpeechEnded__Output>
        SpeechEvent: MessageTypeDefinition<_intramuros_inference_v1_SpeechEvent, _intramuros_inference_v1_SpeechEvent__Output>
        SpeechFinish: MessageTypeDefinition<_intramuros_inference_v1_SpeechFinish, _intramuros_inference_v1_SpeechFinish__Output>
        SpeechRequest: MessageTypeDefinition<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechRequest__Output>
        SpeechStart: MessageTypeDefinition<_intramuros_inference_v1_SpeechStart, _intramuros_inference_v1_SpeechStart__Output>
        SpeechStarted: MessageTypeDefinition<_intramuros_inference_v1_SpeechStarted, _intramuros_inference_v1_SpeechStarted__Output>
        Synthesis: SubtypeConstructor<typeof grpc.Client, _intramuros_inference_v1_SynthesisClient> & { service: _intramuros_inference_v1_SynthesisDefinition }
        SynthesisAudio: MessageTypeDefinition<_intramuros_inference_v1_SynthesisAudio, _intramuros_inference_v1_SynthesisAudio__Output>
        SynthesisRequest: MessageTypeDefinition<_intramuros_inference_v1_SynthesisRequest, _intramuros_inference_v1_SynthesisRequest__Output>
        TextRequest: MessageTypeDefinition<_intramuros_inference_v1_TextRequest, _intramuros_inference_v1_TextRequest__Output>
        Transcript: MessageTypeDefinition<_intramuros_inference_v1_Transcript, _intramuros_inference_v1_Transcript__Output>
        Word: MessageTypeDefinition<_intramuros_inference_v1_Word, _intramuros_inference_v1_Word__Output>
      }
    }
    telephony: {
      v1: {
        Ack: MessageTypeDefinition<_intramuros_telephony_v1_Ack, _intramuros_telephony_v1_Ack__Output>
        Answered: MessageTypeDefinition<_intramuros_telephony_v1_Answered, _intramuros_telephony_v1_Answered__Output>
        Bridged: MessageTypeDefinition<_intramuros_telephony_v1_Bridged, _intramuros_telephony_v1_Bridged__Output>
        Calendar: MessageTypeDefinition<_intramuros_telephony_v1_Calendar, _intramuros_telephony_v1_Calendar__Output>
        CallControl: SubtypeConstructor<typeof grpc.Client, _intramuros_telephony_v1_CallControlClient> & { service: _intramuros_telephony_v1_CallControlDefinition }
        CallDegraded: MessageTypeDefinition<_intramuros_telephony_v1_CallDegraded, _intramuros_telephony_v1_CallDegraded__Output>
        CallEvent: MessageTypeDefinition<_intramuros_telephony_v1_CallEvent, _intramuros_telephony_v1_CallEvent__Output>
        CallMediaReply: MessageTypeDefinition<_intramuros_telephony_v1_CallMediaReply, _intramuros_telephony_v1_CallMediaReply__Output>
        CallMediaRequest: MessageTypeDefinition<_intramuros_telephony_v1_CallMediaRequest, _intramuros_telephony_v1_CallMediaRequest__Output>
        Command: MessageTypeDefinition<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_Command__Output>
        CommissioningEvent: MessageTypeDefinition<_intramuros_telephony_v1_CommissioningEvent, _intramuros_telephony_v1_CommissioningEvent__Output>
        CommissioningRequest: MessageTypeDefinition<_intramuros_telephony_v1_CommissioningRequest, _intramuros_telephony_v1_CommissioningRequest__Output>
        Digit: MessageTypeDefinition<_intramuros_telephony_v1_Digit, _intramuros_telephony_v1_Digit__Output>
        Ended: MessageTypeDefinition<_intramuros_telephony_v1_Ended, _intramuros_telephony_v1_Ended__Output>
        Flow: MessageTypeDefinition<_intramuros_telephony_v1_Flow, _intramuros_telephony_v1_Flow__Output>
        Handoff: MessageTypeDefinition<_intramuros_telephony_v1_Handoff, _intramuros_telephony_v1_Handoff__Output>
        HandoffFailed: MessageTypeDefinition<_intramuros_telephony_v1_HandoffFailed, _intramuros_telephony_v1_HandoffFailed__Output>
        HangUp: MessageTypeDefinition<_intramuros_telephony_v1_HangUp, _intramuros_telephony_v1_HangUp__Output>
        Hello: MessageTypeDefinition<_intramuros_telephony_v1_Hello, _intramuros_telephony_v1_Hello__Output>
        HoldChanged: MessageTypeDefinition<_intramuros_telephony_v1_HoldChanged, _intramuros_telephony_v1_HoldChanged__Output>
        MediaPacket: MessageTypeDefinition<_intramuros_telephony_v1_MediaPacket, _intramuros_telephony_v1_MediaPacket__Output>
        MediaPacketsRequest: MessageTypeDefinition<_intramuros_telephony_v1_MediaPacketsRequest, _intramuros_telephony_v1_MediaPacketsRequest__Output>
        MediaReport: MessageTypeDefinition<_intramuros_telephony_v1_MediaReport, _intramuros_telephony_v1_MediaReport__Output>
        MenuItem: MessageTypeDefinition<_intramuros_telephony_v1_MenuItem, _intramuros_telephony_v1_MenuItem__Output>
        MessageTaken: MessageTypeDefinition<_intramuros_telephony_v1_MessageTaken, _intramuros_telephony_v1_MessageTaken__Output>
        NoInput: MessageTypeDefinition<_intramuros_telephony_v1_NoInput, _intramuros_telephony_v1_NoInput__Output>
        Number: MessageTypeDefinition<_intramuros_telephony_v1_Number, _intramuros_telephony_v1_Number__Output>
        Offered: MessageTypeDefinition<_intramuros_telephony_v1_Offered, _intramuros_telephony_v1_Offered__Output>
        OutsideNumber: MessageTypeDefinition<_intramuros_telephony_v1_OutsideNumber, _intramuros_telephony_v1_OutsideNumber__Output>
        PartialTranscript: MessageTypeDefinition<_intramuros_telephony_v1_PartialTranscript, _intramuros_telephony_v1_PartialTranscript__Output>
        Phone: MessageTypeDefinition<_intramuros_telephony_v1_Phone, _intramuros_telephony_v1_Phone__Output>
        PhoneState: MessageTypeDefinition<_intramuros_telephony_v1_PhoneState, _intramuros_telephony_v1_PhoneState__Output>
        PlaybackFinished: MessageTypeDefinition<_intramuros_telephony_v1_PlaybackFinished, _intramuros_telephony_v1_PlaybackFinished__Output>
        PlaybackStarted: MessageTypeDefinition<_intramuros_telephony_v1_PlaybackStarted, _intramuros_telephony_v1_PlaybackStarted__Output>
        Queue: MessageTypeDefinition<_intramuros_telephony_v1_Queue, _intramuros_telephony_v1_Queue__Output>
        Refused: MessageTypeDefinition<_intramuros_telephony_v1_Refused, _intramuros_telephony_v1_Refused__Output>
        Ringing: MessageTypeDefinition<_intramuros_telephony_v1_Ringing, _intramuros_telephony_v1_Ringing__Output>
        Say: MessageTypeDefinition<_intramuros_telephony_v1_Say, _intramuros_telephony_v1_Say__Output>
        Setup: MessageTypeDefinition<_intramuros_telephony_v1_Setup, _intramuros_telephony_v1_Setup__Output>
        SpeechStartedEvent: MessageTypeDefinition<_intramuros_telephony_v1_SpeechStartedEvent, _intramuros_telephony_v1_SpeechStartedEvent__Output>
        Spoken: MessageTypeDefinition<_intramuros_telephony_v1_Spoken, _intramuros_telephony_v1_Spoken__Output>
        StatusRequest: MessageTypeDefinition<_intramuros_telephony_v1_StatusRequest, _intramuros_telephony_v1_StatusRequest__Output>
        TakeMessage: MessageTypeDefinition<_intramuros_telephony_v1_TakeMessage, _intramuros_telephony_v1_TakeMessage__Output>
        TelephonyStatus: MessageTypeDefinition<_intramuros_telephony_v1_TelephonyStatus, _intramuros_telephony_v1_TelephonyStatus__Output>
        Trunk: MessageTypeDefinition<_intramuros_telephony_v1_Trunk, _intramuros_telephony_v1_Trunk__Output>
        TrunkDoctorEvent: MessageTypeDefinition<_intramuros_telephony_v1_TrunkDoctorEvent, _intramuros_telephony_v1_TrunkDoctorEvent__Output>
        TrunkDoctorRequest: MessageTypeDefinition<_intramuros_telephony_v1_TrunkDoctorRequest, _intramuros_telephony_v1_TrunkDoctorRequest__Output>
        TrunkState: MessageTypeDefinition<_intramuros_telephony_v1_TrunkState, _intramuros_telephony_v1_TrunkState__Output>
        TrunkStatusReply: MessageTypeDefinition<_intramuros_telephony_v1_TrunkStatusReply, _intramuros_telephony_v1_TrunkStatusReply__Output>
        TrunkStatusRequest: MessageTypeDefinition<_intramuros_telephony_v1_TrunkStatusRequest, _intramuros_telephony_v1_TrunkStatusRequest__Output>
        Utterance: MessageTypeDefinition<_intramuros_telephony_v1_Utterance, _intramuros_telephony_v1_Utterance__Output>
      }
    }
  }
}

