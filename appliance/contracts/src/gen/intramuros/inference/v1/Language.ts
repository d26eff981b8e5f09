// From proto/inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Emotion as _intramuros_inference_v1_Emotion, Emotion__Output as _intramuros_inference_v1_Emotion__Output } from '../../../intramuros/inference/v1/Emotion.ts';
import type { IntentMatches as _intramuros_inference_v1_IntentMatches, IntentMatches__Output as _intramuros_inference_v1_IntentMatches__Output } from '../../../intramuros/inference/v1/IntentMatches.ts';
import type { IntentRequest as _intramuros_inference_v1_IntentRequest, IntentRequest__Output as _intramuros_inference_v1_IntentRequest__Output } from '../../../intramuros/inference/v1/IntentRequest.ts';
import type { LanguageGuess as _intramuros_inference_v1_LanguageGuess, LanguageGuess__Output as _intramuros_inference_v1_LanguageGuess__Output } from '../../../intramuros/inference/v1/LanguageGuess.ts';
import type { TextRequest as _intramuros_inference_v1_TextRequest, TextRequest__Output as _intramuros_inference_v1_TextRequest__Output } from '../../../intramuros/inference/v1/TextRequest.ts';

export interface LanguageClient extends grpc.Client {
  AnalyzeEmotion(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  AnalyzeEmotion(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  AnalyzeEmotion(argument: _intramuros_inference_v1_TextRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  AnalyzeEmotion(argument: _intramuros_inference_v1_TextRequest, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  analyzeEmotion(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  analyzeEmotion(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  analyzeEmotion(argument: _intramuros_inference_v1_TextRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  analyzeEmotion(argument: _intramuros_inference_v1_TextRequest, callback: grpc.requestCallback<_intramuros_inference_v1_Emotion__Output>): grpc.ClientUnaryCall;
  
  IdentifyLanguage(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  IdentifyLanguage(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  IdentifyLanguage(argument: _intramuros_inference_v1_TextRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  IdentifyLanguage(argument: _intramuros_inference_v1_TextRequest, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  identifyLanguage(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  identifyLanguage(argument: _intramuros_inference_v1_TextRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  identifyLanguage(argument: _intramuros_inference_v1_TextRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  identifyLanguage(argument: _intramuros_inference_v1_TextRequest, callback: grpc.requestCallback<_intramuros_inference_v1_LanguageGuess__Output>): grpc.ClientUnaryCall;
  
  MatchIntent(argument: _intramuros_inference_v1_IntentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  MatchIntent(argument: _intramuros_inference_v1_IntentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  MatchIntent(argument: _intramuros_inference_v1_IntentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  MatchIntent(argument: _intramuros_inference_v1_IntentRequest, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  matchIntent(argument: _intramuros_inference_v1_IntentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  matchIntent(argument: _intramuros_inference_v1_IntentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  matchIntent(argument: _intramuros_inference_v1_IntentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  matchIntent(argument: _intramuros_inference_v1_IntentRequest, callback: grpc.requestCallback<_intramuros_inference_v1_IntentMatches__Output>): grpc.ClientUnaryCall;
  
}

export interface LanguageHandlers extends grpc.UntypedServiceImplementation {
  AnalyzeEmotion: grpc.handleUnaryCall<_intramuros_inference_v1_TextRequest__Output, _intramuros_inference_v1_Emotion>;
  
  IdentifyLanguage: grpc.handleUnaryCall<_intramuros_inference_v1_TextRequest__Output, _intramuros_inference_v1_LanguageGuess>;
  
  MatchIntent: grpc.handleUnaryCall<_intramuros_inference_v1_IntentRequest__Output, _intramuros_inference_v1_IntentMatches>;
  
}

export interface LanguageDefinition extends grpc.ServiceDefinition {
  AnalyzeEmotion: MethodDefinition<_intramuros_inference_v1_TextRequest, _intramuros_inference_v1_Emotion, _intramuros_inference_v1_TextRequest__Output, _intramuros_inference_v1_Emotion__Output>
  IdentifyLanguage: MethodDefinition<_intramuros_inference_v1_TextRequest, _intramuros_inference_v1_LanguageGuess, _intramuros_inference_v1_TextRequest__Output, _intramuros_inference_v1_LanguageGuess__Output>
  MatchIntent: MethodDefinition<_intramuros_inference_v1_IntentRequest, _intramuros_inference_v1_IntentMatches, _intramuros_inference_v1_IntentRequest__Output, _intramuros_inference_v1_IntentMatches__Output>
}
