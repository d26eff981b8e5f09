/**
 * The measured side of the RTP bench, a process of its own so that its CPU time is its own. Argument 1 says what each call is:
 * `endpoint` (two endpoints that decode what they hear and play silence), `bridge` (two endpoints joined) or `bare` (two plain
 * sockets that pass datagrams on: what Node itself costs). Tells its ports, then its CPU time whenever asked.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { bridgeEndpoints } from "../src/rtp/bridge-driver.ts";
import type { RtpEndpoint } from "../src/rtp/rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint } from "../src/rtp/rtp-endpoint-driver.ts";

const [kind, calls, address, firstPort] = [
  process.argv[2],
  Number(process.argv[3]),
  process.argv[4]!,
  Number(process.argv[5]),
];

async function openPorts(): Promise<number[]> {
  const pool = createRtpPortPool({ min: firstPort, max: firstPort + calls * 4 + 3 });
  const ports: number[] = [];
  for (let call = 0; call < calls; call++) {
    if (kind === "bare") {
      const [a, b] = [await bare(), await bare()];
      let fromA: RemoteInfo | null = null;
      let fromB: RemoteInfo | null = null;
      a.on("message", (packet, from) => {
        fromA = from;
        if (fromB !== null) b.send(packet, fromB.port, fromB.address);
      });
      b.on("message", (packet, from) => {
        fromB = from;
        if (fromA !== null) a.send(packet, fromA.port, fromA.address);
      });
      ports.push(a.address().port, b.address().port);
    } else {
      const [a, b] = [await endpoint(pool), await endpoint(pool)];
      if (kind === "bridge") bridgeEndpoints(a, b);
      ports.push(a.localPort, b.localPort);
    }
  }
  return ports;
}

let heard = 0;
const endpoint = (pool: ReturnType<typeof createRtpPortPool>): Promise<RtpEndpoint> =>
  openRtpEndpoint(pool, {
    localAddress: address,
    codec: "PCMA",
    payloadType: 8,
    dtmfPayloadType: 101,
    remote: null,
    allowedSources: [address],
    onFrame: (frame) => {
      heard += frame.samples.length;
    },
    onDigit: () => undefined,
  });

/** As an RTP port would be, but for the odd one of RTCP. */
function bare(): Promise<Socket> {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, callback) => callback(null, host, 4) });
  return new Promise((resolve) => socket.bind({ address, exclusive: true }, () => resolve(socket)));
}

const ports = await openPorts();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, atMs: performance.now(), heardMs: heard / 8 });
});
process.send?.({ ports });
