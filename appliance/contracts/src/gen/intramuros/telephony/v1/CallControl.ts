// From proto/telephony.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CallEvent as _intramuros_telephony_v1_CallEvent, CallEvent__Output as _intramuros_telephony_v1_CallEvent__Output } from '../../../intramuros/telephony/v1/CallEvent.ts';
import type { Command as _intramuros_telephony_v1_Command, Command__Output as _intramuros_telephony_v1_Command__Output } from '../../../intramuros/telephony/v1/Command.ts';
import type { CommissioningEvent as _intramuros_telephony_v1_CommissioningEvent, CommissioningEvent__Output as _intramuros_telephony_v1_CommissioningEvent__Output } from '../../../intramuros/telephony/v1/CommissioningEvent.ts';
import type { CommissioningRequest as _intramuros_telephony_v1_CommissioningRequest, CommissioningRequest__Output as _intramuros_telephony_v1_CommissioningRequest__Output } from '../../../intramuros/telephony/v1/CommissioningRequest.ts';
import type { StatusRequest as _intramuros_telephony_v1_StatusRequest, StatusRequest__Output as _intramuros_telephony_v1_StatusRequest__Output } from '../../../intramuros/telephony/v1/StatusRequest.ts';
import type { TelephonyStatus as _intramuros_telephony_v1_TelephonyStatus, TelephonyStatus__Output as _intramuros_telephony_v1_TelephonyStatus__Output } from '../../../intramuros/telephony/v1/TelephonyStatus.ts';

export interface CallControlClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent__Output>;
  
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  GetStatus(argument: _intramuros_telephony_v1_StatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  getStatus(argument: _intramuros_telephony_v1_StatusRequest, callback: grpc.requestCallback<_intramuros_telephony_v1_TelephonyStatus__Output>): grpc.ClientUnaryCall;
  
  RunCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  RunCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  runCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  runCommissioningCall(argument: _intramuros_telephony_v1_CommissioningRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_telephony_v1_CommissioningEvent__Output>;
  
}

export interface CallControlHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_intramuros_telephony_v1_Command__Output, _intramuros_telephony_v1_CallEvent>;
  
  GetStatus: grpc.handleUnaryCall<_intramuros_telephony_v1_StatusRequest__Output, _intramuros_telephony_v1_TelephonyStatus>;
  
  RunCommissioningCall: grpc.handleServerStreamingCall<_intramuros_telephony_v1_CommissioningRequest__Output, _intramuros_telephony_v1_CommissioningEvent>;
  
}

export interface CallControlDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_intramuros_telephony_v1_Command, _intramuros_telephony_v1_CallEvent, _intramuros_telephony_v1_Command__Output, _intramuros_telephony_v1_CallEvent__Output>
  GetStatus: MethodDefinition<_intramuros_telephony_v1_StatusRequest, _intramuros_telephony_v1_TelephonyStatus, _intramuros_telephony_v1_StatusRequest__Output, _intramuros_telephony_v1_TelephonyStatus__Output>
  RunCommissioningCall: MethodDefinition<_intramuros_telephony_v1_CommissioningRequest, _intramuros_telephony_v1_CommissioningEvent, _intramuros_telephony_v1_CommissioningRequest__Output, _intramuros_telephony_v1_CommissioningEvent__Output>
}
