/**
 * Who may speak on an RTP port, and where our packets go (symmetric RTP, RFC 4961, from checked peers only).
 *
 *     at          packet from                                     becomes             packet is
 *     any         the very address and port of the signalling     latched on it       taken
 *     waiting     an address that may speak                       latched on it       taken
 *     waiting     any other                                       waiting             a stranger's
 *     latched     the address and port latched on                 latched             taken
 *     latched     one that may speak, after 2 s of silence        latched on the new  taken
 *     latched     one that may speak, while the old one speaks    latched             a stranger's
 *     latched     any other                                       latched             a stranger's
 *
 * A stream that was on this port in the call before (by its SSRC) is a stranger's, from wherever it comes but the signalled address and
 * port: its sender has not heard yet that the call is over. A new address by signalling (`redirect`) makes it wait again: a re-INVITE
 * may move the media. Without symmetric RTP packets go where the signalling says, wherever they come from.
 */
import type { RtpAddress } from "./rtp-endpoint.ts";

const SILENT_BEFORE_RELATCH_MS = 2000;

/** IPv4 addresses that come in IPv6 clothes are the same address. */
export const plainAddress = (address: string): string =>
  address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;

/** The way the kernel writes an address, for signalling may write IPv6 in many ways (RFC 5952). */
function canonical(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(":")) return plain;
  try {
    return new URL(`http://[${plain}]`).hostname.slice(1, -1);
  } catch {
    return plain;
  }
}

export interface LatchOptions {
  readonly symmetric?: boolean;
  /** Source of the stream that was heard last on this port, in another call. */
  readonly staleSsrc?: number | null;
}

/** Changed in place, one an endpoint. */
export class Latch {
  #signalled: RtpAddress | null;
  #latched: RtpAddress | null = null;
  #lastHeardMs = 0;
  readonly #allowed: ReadonlySet<string>;
  readonly #symmetric: boolean;
  readonly #staleSsrc: number | null;

  constructor(remote: RtpAddress | null, allowedSources: readonly string[], options: LatchOptions = {}) {
    this.#signalled = remote === null ? null : { address: canonical(remote.address), port: remote.port };
    this.#allowed = new Set(allowedSources.map(canonical));
    this.#symmetric = options.symmetric ?? true;
    this.#staleSsrc = options.staleSsrc ?? null;
  }

  /** Whether the packet may be taken; latches. */
  admit(address: string, port: number, nowMs: number, ssrc = -1): boolean {
    const latched = this.#latched;
    if (latched !== null && latched.port === port && latched.address === address) {
      this.#lastHeardMs = nowMs;
      return true;
    }
    const plain = plainAddress(address);
    if (!this.mayCome(plain)) return false;
    const signalled = this.#signalled;
    if (signalled === null || signalled.port !== port || signalled.address !== plain) {
      if (ssrc === this.#staleSsrc) return false;
      if (latched !== null && nowMs - this.#lastHeardMs < SILENT_BEFORE_RELATCH_MS) return false;
    }
    this.#latched = { address: plain, port };
    this.#lastHeardMs = nowMs;
    return true;
  }

  /** Whether this address may speak at all. */
  mayCome(address: string): boolean {
    const plain = plainAddress(address);
    return (this.#signalled !== null && plain === this.#signalled.address) || this.#allowed.has(plain);
  }

  redirect(remote: RtpAddress): void {
    const address = canonical(remote.address);
    const same = this.#signalled?.address === address && this.#signalled.port === remote.port;
    this.#signalled = { address, port: remote.port };
    if (!same) this.#latched = null;
  }

  /** Where to send: the source latched on, before that (and without symmetric RTP always) what signalling said. */
  get target(): RtpAddress | null {
    return (this.#symmetric ? this.#latched : null) ?? this.#signalled;
  }
}
