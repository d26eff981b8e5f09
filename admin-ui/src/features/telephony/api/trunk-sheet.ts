import { TrunkSheetSchema, type TrunkTemplate } from "@intramuros/contracts/browser";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { query, request } from "../../../shared/api/request.ts";

export function useTrunkSheet(id: string, wanted: { readonly language: string; readonly template: TrunkTemplate }) {
  return useQuery({
    queryKey: ["telephony", "trunk-sheet", id, wanted],
    queryFn: ({ signal }) =>
      request(TrunkSheetSchema, `/api/trunks/${encodeURIComponent(id)}/sheet${query({ ...wanted })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}
