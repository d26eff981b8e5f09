import {
  CalendarSchema,
  FlowSchema,
  NumberSchema,
  PhoneSchema,
  QueueSchema,
  TrunkSchema,
} from "@intramuros/contracts/browser";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Static, Type } from "typebox";
import { request, send } from "../../../shared/api/request.ts";

/** `/api/trunks`, `/api/numbers`, `/api/flows`, `/api/queues`, `/api/phones`, `/api/calendars`: six lists that behave alike. */
const LISTS = {
  trunks: Type.Object({ items: Type.Array(TrunkSchema) }),
  numbers: Type.Object({ items: Type.Array(NumberSchema) }),
  flows: Type.Object({ items: Type.Array(FlowSchema) }),
  queues: Type.Object({ items: Type.Array(QueueSchema) }),
  phones: Type.Object({ items: Type.Array(PhoneSchema) }),
  calendars: Type.Object({ items: Type.Array(CalendarSchema) }),
} as const;
export type Kind = keyof typeof LISTS;
export type RecordOf<K extends Kind> = Static<(typeof LISTS)[K]>["items"][number];

export function useRecords<K extends Kind>(kind: K) {
  return useQuery({
    queryKey: ["telephony", kind],
    queryFn: async ({ signal }): Promise<readonly RecordOf<K>[]> =>
      (await request(LISTS[kind], `/api/${kind}`, { signal })).items as readonly RecordOf<K>[],
  });
}

export function useSaveRecord(kind: Kind) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { readonly id: string | null; readonly body: object }) =>
      id === null
        ? send(`/api/${kind}`, { method: "POST", body })
        : send(`/api/${kind}/${encodeURIComponent(id)}`, { method: "PUT", body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["telephony"] }),
  });
}

export function useDeleteRecord(kind: Kind) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send(`/api/${kind}/${encodeURIComponent(id)}`, { method: "DELETE" }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["telephony"] }),
  });
}
