import { createSocket } from "node:dgram";

/** A caller with one codec that nobody here speaks: a real INVITE over UDP, acknowledged. Gives the Call-ID and the final status. */
export async function callWithForeignCodec(
  sip: { readonly host: string; readonly port: number },
  to: string,
): Promise<{ readonly callId: string; readonly status: number }> {
  const socket = createSocket("udp4");
  const own = "127.29.48.7";
  await new Promise<void>((resolve) => socket.bind(0, own, resolve));
  const { port } = socket.address();
  const callId = `${Date.now()}@${own}`;
  const target = `sip:${to}@${sip.host}:${sip.port}`;
  const head = (method: string, toTag: string): string =>
    [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own}:${port};branch=z9hG4bK${port};rport`,
      `From: "PBX" <sip:13800138000@${own}>;tag=caller`,
      `To: <${target}>${toTag}`,
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:13800138000@${own}:${port}>`,
      "Max-Forwards: 70",
      "",
    ].join("\r\n");
  const sdp = `v=0\r\no=- 1 1 IN IP4 ${own}\r\ns=-\r\nc=IN IP4 ${own}\r\nt=0 0\r\nm=audio 32190 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n`;
  const send = (text: string): void => socket.send(text, sip.port, sip.host);
  try {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no final answer to the INVITE")), 15_000);
      socket.on("message", (bytes) => {
        const answer = bytes.toString();
        const status = Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1] ?? 0);
        if (status < 200) return;
        clearTimeout(late);
        const tag = /^To:.*?(;tag=[^\s;]+)/im.exec(answer)?.[1] ?? "";
        send(`${head("ACK", tag)}Content-Length: 0\r\n\r\n`);
        setTimeout(() => resolve({ callId, status }), 100);
      });
      send(`${head("INVITE", "")}Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`);
    });
  } finally {
    socket.close();
  }
}
