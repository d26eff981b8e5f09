import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { EmotionPolicySchema } from "@intramuros/contracts";
import { HttpFault, type Permission } from "../http/route.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { EmotionPolicySource } from "./emotion-policy-store.ts";

const READERS: Permission = ["administrator", "supervisor", "auditor"];
const WRITERS: Permission = ["administrator", "supervisor"];

/** `GET|PUT /api/emotion-policy`. */
export const emotionPolicyPlugin: FastifyPluginAsyncTypebox<{
  readonly policy: EmotionPolicySource;
  readonly hub: LiveHub;
}> = async (app, { policy, hub }) => {
  app.get(
    "/api/emotion-policy",
    { config: { permission: READERS }, schema: { response: { 200: EmotionPolicySchema } } },
    async () => policy.current(),
  );

  app.put(
    "/api/emotion-policy",
    {
      config: { permission: WRITERS, audit: "policy.changed" },
      schema: { body: EmotionPolicySchema, response: { 200: EmotionPolicySchema } },
    },
    async (request) => {
      const ids = request.body.rules.map((rule) => rule.id);
      const twice = ids.find((id, index) => ids.indexOf(id) !== index);
      if (twice !== undefined) {
        throw new HttpFault({
          status: 422,
          code: "rule-id-twice",
          message: `Two rules are called "${twice}".`,
          hint: "Give each rule its own name; conversations and the audit log refer to it.",
          field: "rules",
        });
      }
      await policy.replace(request.body);
      hub.publish({ type: "changed", what: "emotion-policy" });
      return policy.current();
    },
  );
};
