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
  }
}

