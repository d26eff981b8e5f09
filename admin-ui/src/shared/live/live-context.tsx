import { useQuery } from "@tanstack/react-query";
import { createContext, use, useSyncExternalStore } from "react";
import type { Partial } from "./fold-live.ts";
import { type LiveClient, type LiveState, partialKey } from "./live-client.ts";

export const LiveContext = createContext<LiveClient | null>(null);
const nothing = () => () => {};
const connecting: LiveState = { at: "connecting" };
const alwaysConnecting = () => connecting;

export function useLiveState(): LiveState {
  const client = use(LiveContext);
  return useSyncExternalStore(client?.subscribe ?? nothing, client?.state ?? alwaysConnecting);
}

/** The words of an utterance that is still being spoken; written by live messages only. */
export function usePartial(conversationId: string): Partial | null {
  const { data } = useQuery<Partial | null>({
    queryKey: partialKey(conversationId),
    queryFn: () => null,
    enabled: false,
    initialData: null,
    gcTime: 60_000,
  });
  return data;
}
