import Srf from "drachtio-srf";

/** The application of the SIP bench: answers every INVITE, ends when the caller does. Arguments: control port, secret. */
const [port = "9022", secret = ""] = process.argv.slice(2);
const srf = new Srf();
srf.on("error", (error: Error) => console.error(error.message));
srf.on("connect", () => process.send?.("connected"));
srf.connect({ host: "127.0.0.1", port: Number(port), secret });

const sdp = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 40000 RTP/AVP 8",
  "a=rtpmap:8 PCMA/8000",
  "",
].join("\r\n");

srf.invite((req, res) => {
  srf.createUAS(req, res, { localSdp: sdp }).catch(() => {
    // The caller was faster; the server has answered them.
  });
});
