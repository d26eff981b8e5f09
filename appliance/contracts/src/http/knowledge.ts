import { type Static, Type } from "typebox";
import { LanguageSchema } from "../conversation.ts";
import { PageSchema } from "./common.ts";

/** `/api/knowledge/articles[/:id]`, `POST /api/knowledge/import`, `POST /api/knowledge/try`, `DELETE /api/knowledge/seed`. */
export const ArticleInputSchema = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    language: LanguageSchema,
    questions: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 100 }),
    answer: Type.String({ minLength: 1, maxLength: 4000, description: "read on a screen" }),
    spokenAnswer: Type.String({
      maxLength: 2000,
      description: "heard on the phone; empty: the written answer is spoken",
    }),
    tags: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 20 }),
    enabled: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type ArticleInput = Static<typeof ArticleInputSchema>;
export const ArticleSchema = Type.Object({
  ...ArticleInputSchema.properties,
  id: Type.String(),
  seed: Type.Boolean(),
  updatedAt: Type.Integer(),
  updatedBy: Type.String(),
});
export type Article = Static<typeof ArticleSchema>;
export const ArticlePageSchema = PageSchema(ArticleSchema);

export const ImportRequestSchema = Type.Object(
  {
    format: Type.Union([Type.Literal("csv"), Type.Literal("markdown")]),
    text: Type.String({ maxLength: 2_000_000 }),
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export const ImportReplySchema = Type.Object({
  imported: Type.Integer(),
  problems: Type.Array(Type.Object({ line: Type.Integer(), problem: Type.String() })),
});

export const TryRequestSchema = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 500 }), language: Type.Optional(LanguageSchema) },
  { additionalProperties: false },
);
/** What the assistant would do with this question, and why. */
export const TryReplySchema = Type.Object({
  language: LanguageSchema,
  decision: Type.Enum(["answer", "clarify", "handoff", "small-talk", "no-match"]),
  reply: Type.String(),
  threshold: Type.Number(),
  matches: Type.Array(
    Type.Object({
      articleId: Type.String(),
      title: Type.String(),
      question: Type.String(),
      score: Type.Number(),
      terms: Type.Array(Type.String()),
    }),
  ),
});
export type TryReply = Static<typeof TryReplySchema>;
