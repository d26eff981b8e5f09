// From proto/inference.proto

import type { Long } from '@grpc/proto-loader';

export interface InferenceLoad {
  'streams'?: (number);
  'maxStreams'?: (number);
  'queuedRecognitions'?: (number);
  'refused'?: (number | string | Long);
}

export interface InferenceLoad__Output {
  'streams': (number);
  'maxStreams': (number);
  'queuedRecognitions': (number);
  'refused': (number);
}
