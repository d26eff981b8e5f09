// From proto/inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListModelsRequest as _intramuros_inference_v1_ListModelsRequest, ListModelsRequest__Output as _intramuros_inference_v1_ListModelsRequest__Output } from '../../../intramuros/inference/v1/ListModelsRequest.ts';
import type { ListModelsResponse as _intramuros_inference_v1_ListModelsResponse, ListModelsResponse__Output as _intramuros_inference_v1_ListModelsResponse__Output } from '../../../intramuros/inference/v1/ListModelsResponse.ts';

export interface ModelsClient extends grpc.Client {
  ListModels(argument: _intramuros_inference_v1_ListModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _intramuros_inference_v1_ListModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _intramuros_inference_v1_ListModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  ListModels(argument: _intramuros_inference_v1_ListModelsRequest, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _intramuros_inference_v1_ListModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _intramuros_inference_v1_ListModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _intramuros_inference_v1_ListModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  listModels(argument: _intramuros_inference_v1_ListModelsRequest, callback: grpc.requestCallback<_intramuros_inference_v1_ListModelsResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface ModelsHandlers extends grpc.UntypedServiceImplementation {
  ListModels: grpc.handleUnaryCall<_intramuros_inference_v1_ListModelsRequest__Output, _intramuros_inference_v1_ListModelsResponse>;
  
}

export interface ModelsDefinition extends grpc.ServiceDefinition {
  ListModels: MethodDefinition<_intramuros_inference_v1_ListModelsRequest, _intramuros_inference_v1_ListModelsResponse, _intramuros_inference_v1_ListModelsRequest__Output, _intramuros_inference_v1_ListModelsResponse__Output>
}
