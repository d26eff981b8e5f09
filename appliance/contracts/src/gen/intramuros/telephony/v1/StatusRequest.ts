// From proto/telephony.proto


export interface StatusRequest {
}

export interface StatusRequest__Output {
}
