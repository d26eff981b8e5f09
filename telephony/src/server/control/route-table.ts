/** Which application gets the next request of a verb: round robin among those that asked, each once (protocol §4.3). */
export interface RouteTable {
  add(verb: string, client: number): void;
  remove(verb: string, client: number): void;
  forget(client: number): void;
  /** The next application for a verb, of those that may have it; null when there is none. */
  next(verb: string, mayHave?: (client: number) => boolean): number | null;
  /** Whether any application asked for anything. */
  readonly isEmpty: boolean;
}

const MAX_VERBS = 64;

export function createRouteTable(): RouteTable {
  const clientsOf = new Map<string, { readonly clients: number[]; turn: number }>();
  const remove = (verb: string, client: number): void => {
    const entry = clientsOf.get(verb);
    if (entry === undefined) return;
    const index = entry.clients.indexOf(client);
    if (index === -1) return;
    entry.clients.splice(index, 1);
    if (index < entry.turn) entry.turn--;
    if (entry.clients.length === 0) clientsOf.delete(verb);
  };
  return {
    add(verb, client) {
      const entry = clientsOf.get(verb);
      if (entry === undefined) {
        if (clientsOf.size < MAX_VERBS) clientsOf.set(verb, { clients: [client], turn: 0 });
      } else if (!entry.clients.includes(client)) entry.clients.push(client);
    },
    remove,
    forget(client) {
      for (const verb of [...clientsOf.keys()]) remove(verb, client);
    },
    next(verb, mayHave = () => true) {
      const entry = clientsOf.get(verb);
      if (entry === undefined) return null;
      const { clients } = entry;
      for (let n = 0; n < clients.length; n++) {
        const client = clients[entry.turn % clients.length];
        entry.turn = (entry.turn + 1) % clients.length;
        if (client !== undefined && mayHave(client)) return client;
      }
      return null;
    },
    get isEmpty() {
      return clientsOf.size === 0;
    },
  };
}
