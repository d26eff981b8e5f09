// From proto/inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { SynthesisAudio as _intramuros_inference_v1_SynthesisAudio, SynthesisAudio__Output as _intramuros_inference_v1_SynthesisAudio__Output } from '../../../intramuros/inference/v1/SynthesisAudio.ts';
import type { SynthesisRequest as _intramuros_inference_v1_SynthesisRequest, SynthesisRequest__Output as _intramuros_inference_v1_SynthesisRequest__Output } from '../../../intramuros/inference/v1/SynthesisRequest.ts';

export interface SynthesisClient extends grpc.Client {
  Synthesize(argument: _intramuros_inference_v1_SynthesisRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_inference_v1_SynthesisAudio__Output>;
  Synthesize(argument: _intramuros_inference_v1_SynthesisRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_inference_v1_SynthesisAudio__Output>;
  synthesize(argument: _intramuros_inference_v1_SynthesisRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_inference_v1_SynthesisAudio__Output>;
  synthesize(argument: _intramuros_inference_v1_SynthesisRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_intramuros_inference_v1_SynthesisAudio__Output>;
  
}

export interface SynthesisHandlers extends grpc.UntypedServiceImplementation {
  Synthesize: grpc.handleServerStreamingCall<_intramuros_inference_v1_SynthesisRequest__Output, _intramuros_inference_v1_SynthesisAudio>;
  
}

export interface SynthesisDefinition extends grpc.ServiceDefinition {
  Synthesize: MethodDefinition<_intramuros_inference_v1_SynthesisRequest, _intramuros_inference_v1_SynthesisAudio, _intramuros_inference_v1_SynthesisRequest__Output, _intramuros_inference_v1_SynthesisAudio__Output>
}
