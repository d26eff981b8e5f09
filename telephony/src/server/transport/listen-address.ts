import type { Listener, Transport } from "../core/state.ts";

/** `udp:auto:5060` → one listener for each address of the machine; the schema of the configuration has checked the shape. */
export function listenersOf(entries: readonly string[], machineAddresses: readonly string[]): readonly Listener[] {
  const listeners = new Map<string, Listener>();
  for (const entry of entries) {
    const [transport, ...rest] = entry.split(":");
    const port = Number(rest.pop());
    const host = rest.join(":").replace(/^\[|\]$/g, "");
    for (const address of host === "auto" ? machineAddresses : [host]) {
      const listener: Listener = { transport: transport as Transport, address, port };
      listeners.set(`${listener.transport} ${address} ${port}`, listener);
    }
  }
  return [...listeners.values()];
}
