/** The part of sdp-transform 3 that we use; the package brings no types. */
declare module "sdp-transform" {
  export interface SdpMedia {
    readonly type: string;
    readonly port: number;
    readonly protocol: string;
    readonly payloads?: string | number;
    readonly rtp: readonly { readonly payload: number; readonly codec: string; readonly rate?: number }[];
    readonly fmtp: readonly { readonly payload: number; readonly config: string }[];
    readonly connection?: { readonly version: number; readonly ip: string };
    readonly direction?: string;
    readonly ptime?: number | string;
    readonly maxptime?: number | string;
    readonly crypto?: readonly {
      readonly id?: number;
      readonly suite?: string;
      readonly config?: string;
      readonly sessionConfig?: string;
    }[];
    readonly rtcp?: { readonly port: number; readonly address?: string };
  }
  export interface SdpSession {
    readonly origin?: { readonly sessionId: number | string; readonly sessionVersion: number | string };
    readonly connection?: { readonly version: number; readonly ip: string };
    readonly direction?: string;
    readonly media: readonly SdpMedia[];
  }
  export function parse(sdp: string): SdpSession;
}
