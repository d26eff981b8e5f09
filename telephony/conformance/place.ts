/**
 * Where a run of the suite lies. The package numbers its parties 10 to 29 in a network of containers; here each number is an address
 * `network` + (`offset` + number).
 */
export interface Place {
  /** First three octets with the dot: `127.29.42.`. */
  readonly network: string;
  readonly offset: number;
  readonly server: Reach;
  /** The second server, where the one that a call is transferred to listens (the `refer` suite only). */
  readonly second: Reach;
}

export interface Reach {
  /** `host:port` for SIP. */
  readonly sip: string;
  /** Where applications connect. */
  readonly control: { readonly host: string; readonly port: number; readonly secret: string };
}

/** Numbers of the package: its server, the second one, the called party that a test starts by itself, the caller. */
export const NUMBERS = { server: 10, second: 19, spare: 30, caller: 31 } as const;
/** Places so far apart do not overlap. */
export const PLACE_STEP = 32;

export const addressOf = (place: Pick<Place, "network" | "offset">, number: number): string =>
  `${place.network}${place.offset + number}`;
