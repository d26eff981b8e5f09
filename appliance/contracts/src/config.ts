import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/**
 * The one configuration file, `config.json` in the home folder. What an administrator changes every day (trunks, people, answers)
 * lives in the store and is edited on the console; here is what a machine needs to start.
 */
const Port = Type.Integer({ minimum: 1, maximum: 65535 });
const Listener = Type.String({
  pattern: "^(udp|tcp|tls|ws|wss):(auto6?|[0-9a-fA-F.:\\[\\]]+):[0-9]{1,5}$",
  description:
    "transport:address:port; the address `auto` stands for every IPv4 address of this machine, `auto6` for every IPv6 one",
});
const strict = { additionalProperties: false };
const section = { ...strict, default: {} };

export const ConfigSchema = Type.Object(
  {
    site: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 80, default: "Intramuros" }),
        language: Type.Union([Type.Literal("zh"), Type.Literal("en")], { default: "zh" }),
      },
      section,
    ),
    sip: Type.Object(
      {
        listen: Type.Array(Listener, {
          minItems: 1,
          maxItems: 16,
          default: ["udp:auto:5060", "tcp:auto:5060", "tls:auto:5061"],
        }),
        controlHost: Type.String({
          default: "127.0.0.1",
          description: "drachtio control protocol: where sip listens and telephony dials",
        }),
        controlPort: Type.Integer({ ...Port, default: 9022 }),
        controlTlsCertPath: Type.String({ default: "", description: "PEM; with a key: applications connect over TLS" }),
        controlTlsKeyPath: Type.String({ default: "" }),
        healthPort: Type.Integer({ ...Port, default: 9130 }),
        externalAddress: Type.String({
          maxLength: 64,
          default: "",
          description: "address to write in Via, Contact and Record-Route towards peers outside of localNetworks",
        }),
        localNetworks: Type.Array(Type.String({ maxLength: 64 }), {
          maxItems: 32,
          default: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"],
          description: "networks that reach us by our own address although externalAddress is set",
        }),
        tlsCertPath: Type.String({ default: "", description: "PEM, with the chain; empty: made at the first start" }),
        tlsKeyPath: Type.String({ default: "" }),
        tlsCaPath: Type.String({ default: "", description: "PEM; who may vouch for peers; empty: the system's" }),
        tlsMinVersion: Type.Union([Type.Literal("TLSv1.2"), Type.Literal("TLSv1.3")], { default: "TLSv1.2" }),
        tlsClientCertificate: Type.Union([Type.Literal("off"), Type.Literal("request"), Type.Literal("require")], {
          default: "off",
          description: "mutual TLS of those who connect to us",
        }),
        wsOrigins: Type.Array(Type.String({ maxLength: 200 }), {
          maxItems: 100,
          default: [],
          description: "origins of pages that may connect over ws and wss; empty: all",
        }),
        outboundProxy: Type.String({
          maxLength: 255,
          default: "",
          description: "SIP URI of the next hop of all requests",
        }),
        dscp: Type.Integer({
          minimum: 0,
          maximum: 63,
          default: 24,
          description:
            "class of SIP packets over TCP, TLS, WS and WSS; 0: none. UDP: by nftables, see telephony/src/server/transport",
        }),
        applicationRoutes: Type.Array(
          Type.Object(
            {
              method: Type.String({ pattern: "^([a-z]{3,16}|\\*)$", description: "SIP method in lower case, or *" }),
              url: Type.String({ maxLength: 500, pattern: "^(https?|tcp|tls)://" }),
              httpMethod: Type.Union([Type.Literal("GET"), Type.Literal("POST")], { default: "GET" }),
            },
            strict,
          ),
          { maxItems: 32, default: [], description: "whom to ask for the application of a new request, or to dial" },
        ),
        cdrs: Type.Boolean({ default: false, description: "tell applications of attempts, starts and ends of calls" }),
        takeoverSeconds: Type.Integer({
          minimum: 0,
          maximum: 3600,
          default: 60,
          description: "how long calls of an application that went away wait for it to come back",
        }),
        scanners: Type.Array(Type.String({ maxLength: 80 }), {
          maxItems: 100,
          default: ["friendly-scanner", "sipvicious", "sipcli", "sip-scan", "pplsip", "VaxSIPUserAgent"],
          description: "User-Agents that get no answer at all",
        }),
        maxRequestsPerSecond: Type.Integer({
          minimum: 0,
          maximum: 100_000,
          default: 2000,
          description: "new requests of one source address; more get 503, then silence; 0: no limit",
        }),
        captureMessages: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 50_000 }),
        captureBytes: Type.Integer({ minimum: 0, maximum: 1_073_741_824, default: 67_108_864 }),
        captureDays: Type.Integer({ minimum: 1, maximum: 365, default: 7, description: "older messages go at once" }),
        hep: Type.Object(
          {
            host: Type.String({ maxLength: 255, default: "", description: "Homer or another HEPv3 collector" }),
            port: Type.Integer({ ...Port, default: 9060 }),
            transport: Type.Union([Type.Literal("udp"), Type.Literal("tcp")], { default: "udp" }),
            captureId: Type.Integer({ minimum: 0, maximum: 4_294_967_295, default: 2001 }),
            password: Type.String({ maxLength: 128, default: "" }),
          },
          section,
        ),
      },
      section,
    ),
    telephony: Type.Object(
      {
        healthPort: Type.Integer({ ...Port, default: 9131 }),
        rtpPortMin: Type.Integer({ minimum: 1024, maximum: 65534, default: 20000 }),
        rtpPortMax: Type.Integer({ minimum: 1025, maximum: 65535, default: 23999 }),
        publicAddress: Type.String({
          maxLength: 64,
          default: "",
          description: "address to write in SDP when a NAT lies between; empty: the local one",
        }),
        maxCalls: Type.Integer({ minimum: 1, maximum: 2000, default: 200 }),
        bargeInMs: Type.Integer({
          minimum: 0,
          maximum: 2000,
          default: 0,
          description: "speech shorter than this does not stop the assistant, beyond the detector's own onset",
        }),
        endpointSilenceMs: Type.Integer({
          minimum: 0,
          maximum: 3000,
          default: 0,
          description: "0: the speech service decides",
        }),
        answerTimeoutMs: Type.Integer({
          minimum: 500,
          maximum: 30000,
          default: 4000,
          description: "how long a call waits for the appliance's answer before the keypad menu takes over",
        }),
        mediaTimeoutSeconds: Type.Integer({ minimum: 5, maximum: 600, default: 60 }),
        mediaPackets: Type.Object(
          {
            rtcpBytes: Type.Integer({ minimum: 0, maximum: 268_435_456, default: 8_388_608 }),
            rtpBytes: Type.Integer({
              minimum: 0,
              maximum: 2_147_483_647,
              default: 67_108_864,
              description: "what was said is in them; 0: none are kept",
            }),
            minutes: Type.Integer({ minimum: 1, maximum: 1440, default: 15 }),
          },
          { ...section, description: "the last RTCP and RTP packets of calls, in memory, for captures" },
        ),
        maxCallMinutes: Type.Integer({ minimum: 1, maximum: 1440, default: 120 }),
      },
      section,
    ),
    inference: Type.Object(
      {
        healthPort: Type.Integer({ ...Port, default: 9132 }),
        maxStreams: Type.Integer({ minimum: 1, maximum: 2000, default: 200 }),
        maxQueuedRecognitions: Type.Integer({ minimum: 1, maximum: 1000, default: 64 }),
        asrWorkers: Type.Integer({ minimum: 0, maximum: 64, default: 0, description: "0: by the number of cores" }),
        asrModel: Type.Union(
          [Type.Literal("moonshine-base-en"), Type.Literal("moonshine-tiny-en"), Type.Literal("auto")],
          { default: "auto" },
        ),
        endpointSilenceMs: Type.Integer({ minimum: 150, maximum: 3000, default: 450 }),
      },
      section,
    ),
    appliance: Type.Object(
      {
        consoleHost: Type.String({
          default: "127.0.0.1",
          description: "an address other than loopback is served over HTTPS only",
        }),
        consolePort: Type.Integer({ ...Port, default: 8080 }),
        tlsCertPath: Type.String({ default: "", description: "PEM, with the chain; empty: made at the first start" }),
        tlsKeyPath: Type.String({ default: "" }),
        maxUploadBytes: Type.Integer({ minimum: 1024, maximum: 1_073_741_824, default: 10_485_760 }),
        chatOrigins: Type.Array(Type.String({ maxLength: 200 }), {
          maxItems: 100,
          default: [],
          description: "sites that may embed the chat widget, as origins; empty: only the console's own",
        }),
      },
      section,
    ),
    log: Type.Object(
      {
        level: Type.Union([Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")], {
          default: "info",
        }),
      },
      section,
    ),
  },
  strict,
);
export type Config = Static<typeof ConfigSchema>;

/** One thing wrong in the configuration, told by its field. */
export interface ConfigFault {
  readonly field: string;
  readonly problem: string;
}

export type ConfigResult =
  | { readonly type: "ok"; readonly config: Config }
  | { readonly type: "faulty"; readonly faults: readonly ConfigFault[] };

/** Reads the text of `config.json`. Missing fields get their defaults; unknown ones are faults, for they are usually typing errors. */
export function parseConfig(text: string): ConfigResult {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { type: "faulty", faults: [{ field: "(whole file)", problem: `not JSON: ${(error as Error).message}` }] };
  }
  const value = Value.Default(ConfigSchema, raw);
  if (Value.Check(ConfigSchema, value)) {
    const { rtpPortMin, rtpPortMax } = value.telephony;
    if (rtpPortMax - rtpPortMin < 3) {
      return {
        type: "faulty",
        faults: [{ field: "telephony.rtpPortMax", problem: "must be at least 3 above telephony.rtpPortMin" }],
      };
    }
    return { type: "ok", config: value };
  }
  const faults = Value.Errors(ConfigSchema, value)
    .filter((error) => error.keyword !== "additionalProperties")
    .map((error) => ({
      field: error.instancePath.slice(1).replaceAll("/", ".") || "(whole file)",
      problem: error.keyword === "boolean" ? "unknown field; see the README for the list" : error.message,
    }));
  return { type: "faulty", faults };
}

/** The configuration of an empty file. */
export function defaultConfig(): Config {
  const result = parseConfig("{}");
  if (result.type === "faulty") throw new Error(`defaults do not fit the schema: ${JSON.stringify(result.faults)}`);
  return result.config;
}
