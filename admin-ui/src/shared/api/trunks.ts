import { TrunkSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { Type } from "typebox";
import { request } from "./request.ts";

const ListSchema = Type.Object({ items: Type.Array(TrunkSchema) });

export function useTrunks() {
  return useQuery({
    queryKey: ["telephony", "trunks"],
    queryFn: async ({ signal }) => (await request(ListSchema, "/api/trunks", { signal })).items,
  });
}
