import { AppError, type ErrorReply } from "@intramuros/contracts";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpFault } from "./route.ts";

interface Drawn {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly field?: string;
}

const known: Readonly<Record<string, Omit<Drawn, "status">>> = {
  "413": { code: "too-large", message: "the request is larger than allowed", hint: "send less at once" },
  "415": { code: "media-type", message: "this kind of content is not understood here", hint: "send JSON" },
  "429": {
    code: "too-many-requests",
    message: "too many requests from this address",
    hint: "wait a minute and try again",
  },
  "408": { code: "too-slow", message: "the request took too long to arrive", hint: "try again" },
};

function draw(error: FastifyError | HttpFault | AppError): Drawn {
  if (error instanceof HttpFault) {
    const { status, code, message, hint, field } = error;
    return { status, code, message, hint, ...(field === undefined ? {} : { field }) };
  }
  if (error instanceof AppError) return { status: 503, code: error.code, message: error.message, hint: error.hint };
  if (error.validation !== undefined) {
    const [first] = error.validation;
    const missing = first?.params?.missingProperty ?? first?.params?.additionalProperty;
    const path = (first?.instancePath ?? "").slice(1).replaceAll("/", ".");
    const field = [path, ...(typeof missing === "string" ? [missing] : [])].filter((part) => part !== "").join(".");
    return {
      status: 400,
      code: "invalid-input",
      message: `${error.validationContext ?? "input"} ${field}: ${first?.message ?? "does not fit"}`,
      hint: "mend the field named and send again",
      ...(field === "" ? {} : { field }),
    };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    const one = known[String(status)];
    return {
      status,
      ...(one ?? { code: "bad-request", message: "the request is not understood", hint: "check what was sent" }),
    };
  }
  return {
    status: 500,
    code: "internal",
    message: "something went wrong on our side; nothing more was changed",
    hint: "try again; if it stays, give this id to support",
  };
}

/** Draws every refusal as `ErrorReply`. The id is in the log; the stack and the words of the customer are not in the answer. */
export function installErrors(app: FastifyInstance): void {
  const send = (request: FastifyRequest, reply: FastifyReply, drawn: Drawn): FastifyReply => {
    const { status, ...rest } = drawn;
    const body: ErrorReply = { error: { ...rest, id: request.id } };
    return reply.code(status).header("content-type", "application/json; charset=utf-8").send(JSON.stringify(body));
  };
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const drawn = draw(error);
    const fields = { errorId: request.id, status: drawn.status, code: drawn.code, route: request.routeOptions.url };
    if (drawn.status >= 500) request.log.error({ ...fields, err: error }, "a request failed");
    else request.log.info(fields, "a request was refused");
    return send(request, reply, drawn);
  });
  app.decorate("replyNotFound", (request: FastifyRequest, reply: FastifyReply) =>
    send(request, reply, {
      status: 404,
      code: "not-found",
      message: "there is nothing at this address",
      hint: "check the address",
    }),
  );
}

declare module "fastify" {
  interface FastifyInstance {
    replyNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  }
}
