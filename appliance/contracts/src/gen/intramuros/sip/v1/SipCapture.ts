// From proto/sip.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CapturedMessage as _intramuros_sip_v1_CapturedMessage, CapturedMessage__Output as _intramuros_sip_v1_CapturedMessage__Output } from '../../../intramuros/sip/v1/CapturedMessage.ts';
import type { GetMessagesRequest as _intramuros_sip_v1_GetMessagesRequest, GetMessagesRequest__Output as _intramuros_sip_v1_GetMessagesRequest__Output } from '../../../intramuros/sip/v1/GetMessagesRequest.ts';
import type { ListCallsReply as _intramuros_sip_v1_ListCallsReply, ListCallsReply__Output as _intramuros_sip_v1_ListCallsReply__Output } from '../../../intramuros/sip/v1/ListCallsReply.ts';
import type { ListCallsRequest as _intramuros_sip_v1_ListCallsRequest, ListCallsRequest__Output as _intramuros_sip_v1_ListCallsRequest__Output } from '../../../intramuros/sip/v1/ListCallsRequest.ts';

export interface SipCaptureClient extends grpc.Client {
  GetMessages(argument: _intramuros_sip_v1_GetMessagesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_sip_v1_CapturedMessage__Output>;
  GetMessages(argument: _intramuros_sip_v1_GetMessagesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_sip_v1_CapturedMessage__Output>;
  getMessages(argument: _intramuros_sip_v1_GetMessagesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_sip_v1_CapturedMessage__Output>;
  getMessages(argument: _intramuros_sip_v1_GetMessagesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_sip_v1_CapturedMessage__Output>;
  
  ListCalls(argument: _intramuros_sip_v1_ListCallsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _intramuros_sip_v1_ListCallsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _intramuros_sip_v1_ListCallsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  ListCalls(argument: _intramuros_sip_v1_ListCallsRequest, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _intramuros_sip_v1_ListCallsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _intramuros_sip_v1_ListCallsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _intramuros_sip_v1_ListCallsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  listCalls(argument: _intramuros_sip_v1_ListCallsRequest, callback: grpc.requestCallback<_intramuros_sip_v1_ListCallsReply__Output>): grpc.ClientUnaryCall;
  
}

export interface SipCaptureHandlers extends grpc.UntypedServiceImplementation {
  GetMessages: grpc.handleServerStreamingCall<_intramuros_sip_v1_GetMessagesRequest__Output, _intramuros_sip_v1_CapturedMessage>;
  
  ListCalls: grpc.handleUnaryCall<_intramuros_sip_v1_ListCallsRequest__Output, _intramuros_sip_v1_ListCallsReply>;
  
}

export interface SipCaptureDefinition extends grpc.ServiceDefinition {
  GetMessages: MethodDefinition<_intramuros_sip_v1_GetMessagesRequest, _intramuros_sip_v1_CapturedMessage, _intramuros_sip_v1_GetMessagesRequest__Output, _intramuros_sip_v1_CapturedMessage__Output>
  ListCalls: MethodDefinition<_intramuros_sip_v1_ListCallsRequest, _intramuros_sip_v1_ListCallsReply, _intramuros_sip_v1_ListCallsRequest__Output, _intramuros_sip_v1_ListCallsReply__Output>
}
