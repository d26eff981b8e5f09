import { type EmotionPolicy, EmotionPolicySchema } from "@intramuros/contracts/browser";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

const PATH = "/api/emotion-policy";
const KEY = ["emotion-policy"];

export function useEmotionPolicy() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => request(EmotionPolicySchema, PATH, { signal }) });
}

export function useSavePolicy() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: EmotionPolicy) => request(EmotionPolicySchema, PATH, { method: "PUT", body }),
    onSuccess: (reply) => cache.setQueryData(KEY, reply),
  });
}
