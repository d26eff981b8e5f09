// From proto/inference.proto


export interface SpeechFinish {
}

export interface SpeechFinish__Output {
}
