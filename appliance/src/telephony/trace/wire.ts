/** What was on the wire, as sip and telephony kept it. Times are Unix milliseconds with a fraction. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface WirePacket {
  readonly atMs: number;
  readonly out: boolean;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly data: Buffer;
}

export interface WireMessage extends WirePacket {
  readonly transport: string;
}

export interface MediaPacket extends WirePacket {
  readonly rtcp: boolean;
  /** The leg it belongs to. */
  readonly sipCallId: string;
}

export const endpointText = ({ address, port }: Endpoint): string =>
  `${address.includes(":") ? `[${address}]` : address}:${port}`;

/** Address without port of {@link endpointText}. */
export const hostOf = (endpoint: string): string => endpoint.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
