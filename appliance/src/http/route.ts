import type { Role } from "@intramuros/contracts";
import type {} from "fastify";

/** Who may call a route. `public` needs a reason in a comment beside it; `local` is the command line on this machine. */
export type Permission = "public" | "signed-in" | readonly Role[];

/** Who calls: set on every request that is not public. */
export interface Actor {
  readonly id: string; // "user:<id>" or "local-operator"
  readonly displayName: string;
  readonly role: Role | "local-operator";
  readonly source: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route says it; the server does not start when one does not. The local operator may do what an administrator may. */
    permission?: Permission;
    /** Audit code of a route that changes something or shows customer data; the entry is durable before the handler's answer leaves. */
    audit?: string;
    /** The handler writes its own entries (sign-in, sockets); says why no code stands above. */
    auditInside?: boolean;
  }
  interface FastifyRequest {
    actor: Actor | null;
    /** What the route's audit entry is about, when it is not the `:id` of the path or of the reply. */
    auditObject: string | null;
  }
}

/** An answer other than 2xx, with what the user can do about it. Thrown by handlers and rooms, drawn by the app's error handler. */
export class HttpFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly field: string | undefined;
  constructor(fault: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly field?: string;
  }) {
    super(fault.message);
    this.name = "HttpFault";
    this.status = fault.status;
    this.code = fault.code;
    this.hint = fault.hint;
    this.field = fault.field;
  }
}
