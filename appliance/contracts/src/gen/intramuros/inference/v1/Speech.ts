// From proto/inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { SpeechEvent as _intramuros_inference_v1_SpeechEvent, SpeechEvent__Output as _intramuros_inference_v1_SpeechEvent__Output } from '../../../intramuros/inference/v1/SpeechEvent.ts';
import type { SpeechRequest as _intramuros_inference_v1_SpeechRequest, SpeechRequest__Output as _intramuros_inference_v1_SpeechRequest__Output } from '../../../intramuros/inference/v1/SpeechRequest.ts';

export interface SpeechClient extends grpc.Client {
  Recognize(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechEvent__Output>;
  Recognize(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechEvent__Output>;
  recognize(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechEvent__Output>;
  recognize(options?: grpc.CallOptions): grpc.ClientDuplexStream<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechEvent__Output>;
  
}

export interface SpeechHandlers extends grpc.UntypedServiceImplementation {
  Recognize: grpc.handleBidiStreamingCall<_intramuros_inference_v1_SpeechRequest__Output, _intramuros_inference_v1_SpeechEvent>;
  
}

export interface SpeechDefinition extends grpc.ServiceDefinition {
  Recognize: MethodDefinition<_intramuros_inference_v1_SpeechRequest, _intramuros_inference_v1_SpeechEvent, _intramuros_inference_v1_SpeechRequest__Output, _intramuros_inference_v1_SpeechEvent__Output>
}
