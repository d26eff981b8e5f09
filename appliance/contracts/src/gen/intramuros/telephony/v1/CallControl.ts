// From proto/telephony.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CallEvent as _intramuros_telephony_v1_CallEvent, CallEvent__Output as _intramuros_telephony_v1_CallEvent__Output } from '../../../intramuros/telephony/v1/CallEvent.ts';
import type { CallMediaReply as _intramuros_telephony_v1_CallMediaReply, CallMediaReply__Output as _intramuros_telephony_v1_CallMediaReply__Output } from '../../../intramuros/telephony/v1/CallMediaReply.ts';
import type { CallMediaRequest as _intramuros_telephony_v1_CallMediaRequest, CallMediaRequest__Output as _intramuros_telephony_v1_CallMediaRequest__Output } from '../../../intramuros/telephony/v1/CallMediaRequest.ts';
import type { Command as _intramuros_telephony_v1_Command, Command__Output as _intramuros_telephony_v1_Command__Output } from '../../../intramuros/telephony/v1/Command.ts';
import type { CommissioningEvent as _intramuros_telephony_v1_CommissioningEvent, CommissioningEvent__Output as _intramuros_telephony_v1_CommissioningEvent__Output } from '../../../intramuros/telephony/v1/CommissioningEvent.ts';
import type { CommissioningRequest as _intramuros_telephony_v1_CommissioningRequest, CommissioningRequest__Output as _intramuros_telephony_v1_CommissioningRequest__Output } from '../../../intramuros/telephony/v1/CommissioningRequest.ts';
import type { MediaPacket as _intramuros_telephony_v1_MediaPacket, MediaPacket__Output as _intramuros_telephony_v1_MediaPacket__Output } from '../../../intramuros/telephony/v1/MediaPacket.ts';
import type { MediaPacketsRequest as _intramuros_telephony_v1_MediaPacketsRequest, MediaPacketsRequest__Output as _intramuros_telephony_v1_MediaPacketsRequest__Output } from '../../../intramuros/telephony/v1/MediaPacketsRequest.ts';
import type { StatusRequest as _intramuros_telephony_v1_StatusRequest, StatusRequest__Output as _intramuros_telephony_v1_StatusRequest__Output } from '../../../intramuros/telephony/v1/StatusRequest.ts';
import type { TelephonyStatus as _intramuros_telephony_v1_TelephonyStatus, TelephonyStatus__Output as _intramuros_telephony_v1_TelephonyStatus__Output } from '../../../intramuros/telephony/v1/TelephonyStatus.ts';
import type { TrunkDoctorEvent as _intramuros_telephony_v1_TrunkDoctorEvent, TrunkDoctorEvent__Output as _intramuros_telephony_v1_TrunkDoctorEvent__Output } from '../../../intramuros/telephony/v1/TrunkDoctorEvent.ts';
import type { TrunkDoctorRequest as _intramuros_telephony_v1_TrunkDoctorRequest, TrunkDoctorRequest__Output as _intramuros_telephony_v1_TrunkDoctorRequest__Output } from '../../../intramuros/telephony/v1/TrunkDoctorRequest.ts';
import type { TrunkStatusReply as _intramuros_telephony_v1_TrunkStatusReply, TrunkStatusReply__Output as _intramuros_telephony_v1_TrunkStatusReply__Output } from '../../../intramuros/telephony/v1/TrunkStatusReply.ts';
import type { TrunkStatusRequest as _intramuros_telephony_v1_TrunkStatusRequest, TrunkStatusRequest__Output as _intramuros_telephony_v1_TrunkStatusRequest__Output } from '../../../intramuros/telephony/v1/TrunkStatusRequest.ts';

export interface CallControlClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  
  GetCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  GetCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  GetCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  GetCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  getCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  getCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  getCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  getCallMedia(argument: _intramuros_telephony_v1_CallMediaRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_CallMediaReply__Output>): grpc.ClientUnaryCall;
  
  GetMediaPackets(argument: _intramuros_telephony_v1_MediaPacketsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_MediaPacket__Output>;
  GetMediaPackets(argument: _intramuros_telephony_v1_MediaPacketsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_MediaPacket__Output>;
  getMediaPackets(argument: _intramuros_telephony_v1_MediaPacketsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_MediaPacket__Output>;
  getMediaPackets(argument: _intramuros_telephony_v1_MediaPacketsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_MediaPacket__Output>;
  
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  
  GetTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  GetTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  GetTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  GetTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  getTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  getTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  getTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  getTrunkStatus(argument: _intramuros_telephony_v1_TrunkStatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TrunkStatusReply__Output>): grpc.ClientUnaryCall;
  
  RunCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  RunCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  runCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  runCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  
  RunTrunkDoctor(argument: _intramuros_telephony_v1_TrunkDoctorRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_TrunkDoctorEvent__Output>;
  RunTrunkDoctor(argument: _intramuros_telephony_v1_TrunkDoctorRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_TrunkDoctorEvent__Output>;
  runTrunkDoctor(argument: _intramuros_telephony_v1_TrunkDoctorRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_TrunkDoctorEvent__Output>;
  runTrunkDoctor(argument: _intramuros_telephony_v1_TrunkDoctorRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_TrunkDoctorEvent__Output>;
  
}

export interface CallControlHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_intramuros_telephony_v1_Command__Output, _intramuros_telephony_v1_CallEvent>;
  
  GetCallMedia: grpc.handleUnaryCall<_intramuros_telephony_v1_CallMediaRequest__Output, _intramuros_telephony_v1_CallMediaReply>;
  
  GetMediaPackets: grpc.handleServerStreamingCall<_intramuros_telephony_v1_MediaPacketsRequest__Output, _intramuros_telephony_v1_MediaPacket>;
  
  GetStatus: grpc.handleUnaryCall<_intramuros_telephony_v1_StatusRequest__Output, _intramuros_telephony_v1_TelephonyStatus>;
  
  GetTrunkStatus: grpc.handleUnaryCall<_intramuros_telephony_v1_TrunkStatusRequest__Output, _intramuros_telephony_v1_TrunkStatusReply>;
  
  RunCommissioningCall: grpc.handleServerStreamingCall<_intramuros_telephony_v1_CommissioningRequest__Output, _intramuros_telephony_v1_CommissioningEvent>;
  
  RunTrunkDoctor: grpc.handleServerStreamingCall<_intramuros_telephony_v1_TrunkDoctorRequest__Output, _intramuros_telephony_v1_TrunkDoctorEvent>;
  
}

export interface CallControlDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent, _intramuros_telephony_v1_Command__Output, _intramuros_telephony_v1_CallEvent__Output>
  GetCallMedia: MethodDefinition<_intramuros_telephony_v1_CallMediaRequest, _intramuros_telephony_v1_CallMediaReply, _intramuros_telephony_v1_CallMediaRequest__Output, _intramuros_telephony_v1_CallMediaReply__Output>
  GetMediaPackets: MethodDefinition<_intramuros_telephony_v1_MediaPacketsRequest, _intramuros_telephony_v1_MediaPacket, _intramuros_telephony_v1_MediaPacketsRequest__Output, _intramuros_telephony_v1_MediaPacket__Output>
  GetStatus: MethodDefinition<_intramuros_telephony_v1_StatusRequest, _intramuros_telephony_v1_TelephonyStatus, _intramuros_telephony_v1_StatusRequest__Output, _intramuros_telephony_v1_TelephonyStatus__Output>
  GetTrunkStatus: MethodDefinition<_intramuros_telephony_v1_TrunkStatusRequest, _intramuros_telephony_v1_TrunkStatusReply, _intramuros_telephony_v1_TrunkStatusRequest__Output, _intramuros_telephony_v1_TrunkStatusReply__Output>
  RunCommissioningCall: MethodDefinition<_intramuros_telephony_v1_CommissioningRequest, _intramuros_telephony_v1_CommissioningEvent, _intramuros_telephony_v1_CommissioningRequest__Output, _intramuros_telephony_v1_CommissioningEvent__Output>
  RunTrunkDoctor: MethodDefinition<_intramuros_telephony_v1_TrunkDoctorRequest, _intramuros_telephony_v1_TrunkDoctorEvent, _intramuros_telephony_v1_TrunkDoctorRequest__Output, _intramuros_telephony_v1_TrunkDoctorEvent__Output>
}
