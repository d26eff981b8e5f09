import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { CallListQuerySchema, CallListSchema, CallTraceSchema, type Role } from "@intramuros/contracts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { HttpFault } from "../../http/route.ts";
import { isAway } from "./sip-capture-client.ts";
import type { Traces } from "./trace-driver.ts";

/** Who may look at calls: SIP shows numbers and addresses, no words. */
const VIEWERS: readonly Role[] = ["administrator", "telephony-engineer", "supervisor", "auditor"];
/** Who may take messages away as a file. */
const TAKERS: readonly Role[] = ["administrator", "telephony-engineer", "auditor"];
/** RTP is what was said. */
const HEARERS: readonly Role[] = ["administrator", "auditor"];

const CallParams = Type.Object({ sipCallId: Type.String({ minLength: 1, maxLength: 255 }) });
const CaptureQuery = Type.Object({ include: Type.Enum(["sip", "rtcp", "rtp"], { default: "sip" }) });

/** `/api/calls`, `/api/calls/:sipCallId/trace`, `/api/calls/:sipCallId/capture.pcap`. */
export async function tracePlugin(app: FastifyInstance, { traces }: { readonly traces: Traces }): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "GET",
    url: "/api/calls",
    config: { permission: VIEWERS },
    schema: { querystring: CallListQuerySchema, response: { 200: CallListSchema } },
    handler: (request) => traces.list(request.query),
  });
  typed.route({
    method: "GET",
    url: "/api/calls/:sipCallId/trace",
    config: { permission: VIEWERS, audit: "call.viewed" },
    schema: { params: CallParams, response: { 200: CallTraceSchema } },
    async handler(request) {
      const { sipCallId } = request.params;
      request.auditObject = `call:${shortName(sipCallId)}`;
      const trace = await traces.trace(sipCallId).catch(orAway);
      if (trace === undefined) throw noCall();
      return trace;
    },
  });
  typed.route({
    method: "GET",
    url: "/api/calls/:sipCallId/capture.pcap",
    config: { permission: TAKERS, audit: "capture.downloaded" },
    schema: { params: CallParams, querystring: CaptureQuery },
    async handler(request, reply) {
      const { sipCallId } = request.params;
      const { include } = request.query;
      request.auditObject = `call:${shortName(sipCallId)}/${include}`;
      if (include === "rtp" && !mayHear(request)) throw notAllowed(request);
      const pieces = await traces.capture(sipCallId, include).catch(orAway);
      if (pieces === undefined) throw noCall();
      return reply
        .header("content-type", "application/vnd.tcpdump.pcap")
        .header("content-disposition", `attachment; filename="call-${shortName(sipCallId)}.pcap"`)
        .send(Readable.from(pieces));
    },
  });
}

/** A Call-ID may hold anything, also a number: what stands in the audit log and in file names is made from it. */
const shortName = (sipCallId: string): string => createHash("sha256").update(sipCallId).digest("hex").slice(0, 16);

const mayHear = ({ actor }: FastifyRequest): boolean =>
  actor !== null && (actor.role === "local-operator" || HEARERS.includes(actor.role));

function orAway(error: unknown): never {
  if (!isAway(error)) throw error;
  throw new HttpFault({
    status: 503,
    code: "capture-away",
    message: "the process that keeps these packets is not to be reached",
    hint: "see System, health; messages alone need only the SIP server",
  });
}

const noCall = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: "nothing is kept of this call",
    hint: "the ring keeps the latest messages only; sip.captureMessages and sip.captureBytes make it larger",
  });

const notAllowed = ({ actor }: FastifyRequest): HttpFault =>
  new HttpFault({
    status: 403,
    code: "not-allowed",
    message: `your role (${actor?.role ?? "none"}) may not take away what was said`,
    hint: "download SIP and RTCP, or ask an administrator or auditor",
  });
