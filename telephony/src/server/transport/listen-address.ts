import type { Listener, Transport } from "../core/state.ts";

export interface MachineAddresses {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/**
 * `udp:auto:5060` → one listener for each address of the machine; the schema of the configuration has checked the shape. An unspecified
 * address means the same, for a Contact must name an address that exists.
 */
export function listenersOf(entries: readonly string[], machine: MachineAddresses): readonly Listener[] {
  const listeners = new Map<string, Listener>();
  for (const entry of entries) {
    const [transport, ...rest] = entry.split(":");
    const port = Number(rest.pop());
    const host = rest.join(":").replace(/^\[|\]$/g, "");
    for (const address of addressesOf(host, machine)) {
      const listener: Listener = { transport: transport as Transport, address, port };
      listeners.set(`${listener.transport} ${address} ${port}`, listener);
    }
  }
  return [...listeners.values()];
}

function addressesOf(host: string, machine: MachineAddresses): readonly string[] {
  if (host === "auto" || host === "0.0.0.0") return machine.v4;
  if (host === "auto6" || host === "::") return machine.v6;
  return [host];
}
