import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CapturedCall as _intramuros_sip_v1_CapturedCall, CapturedCall__Output as _intramuros_sip_v1_CapturedCall__Output } from './intramuros/sip/v1/CapturedCall.ts';
import type { CapturedMessage as _intramuros_sip_v1_CapturedMessage, CapturedMessage__Output as _intramuros_sip_v1_CapturedMessage__Output } from './intramuros/sip/v1/CapturedMessage.ts';
import type { GetMessagesRequest as _intramuros_sip_v1_GetMessagesRequest, GetMessagesRequest__Output as _intramuros_sip_v1_GetMessagesRequest__Output } from './intramuros/sip/v1/GetMessagesRequest.ts';
import type { ListCallsReply as _intramuros_sip_v1_ListCallsReply, ListCallsReply__Output as _intramuros_sip_v1_ListCallsReply__Output } from './intramuros/sip/v1/ListCallsReply.ts';
import type { ListCallsRequest as _intramuros_sip_v1_ListCallsRequest, ListCallsRequest__Output as _intramuros_sip_v1_ListCallsRequest__Output } from './intramuros/sip/v1/ListCallsRequest.ts';
import type { SipCaptureClient as _intramuros_sip_v1_SipCaptureClient, SipCaptureDefinition as _intramuros_sip_v1_SipCaptureDefinition } from './intramuros/sip/v1/SipCapture.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  intramuros: {
    sip: {
      v1: {
        CapturedCall: MessageTypeDefinition<_intramuros_sip_v1_CapturedCall, _intramuros_sip_v1_CapturedCall__Output>
        CapturedMessage: MessageTypeDefinition<_intramuros_sip_v1_CapturedMessage, _intramuros_sip_v1_CapturedMessage__Output>
        GetMessagesRequest: MessageTypeDefinition<_intramuros_sip_v1_GetMessagesRequest, _intramuros_sip_v1_GetMessagesRequest__Output>
        ListCallsReply: MessageTypeDefinition<_intramuros_sip_v1_ListCallsReply, _intramuros_sip_v1_ListCallsReply__Output>
        ListCallsRequest: MessageTypeDefinition<_intramuros_sip_v1_ListCallsRequest, _intramuros_sip_v1_ListCallsRequest__Output>
        SipCapture: SubtypeConstructor<typeof grpc.Client, _intramuros_sip_v1_SipCaptureClient> & { service: _intramuros_sip_v1_SipCaptureDefinition }
      }
    }
  }
}

