/**
 * Two endpoints joined: with equal codecs their packets are relayed as they come (no decoding, no added delay), otherwise each
 * voice goes through its jitter buffer, the other's sampling rate and codec. Which of the two is looked at with every packet, so that a
 * re-INVITE may change a codec in the middle. Keys are passed on, and still reported to `onDigit`.
 */
import { assert } from "@intramuros/contracts";
import type { BridgeEndpoints } from "./rtp-endpoint.ts";
import { Endpoint } from "./rtp-endpoint-driver.ts";

export const bridgeEndpoints: BridgeEndpoints = (a, b) => {
  assert(a instanceof Endpoint && b instanceof Endpoint && a !== b, "only two endpoints of this process can be joined");
  a.joinPeer(b);
  b.joinPeer(a);
  return {
    undo: () => {
      a.joinPeer(null);
      b.joinPeer(null);
    },
  };
};
