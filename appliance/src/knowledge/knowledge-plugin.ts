import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  type Article,
  type ArticleInput,
  ArticleInputSchema,
  ArticlePageSchema,
  ArticleSchema,
  IdParamsSchema,
  ImportReplySchema,
  ImportRequestSchema,
  LanguageSchema,
  OkSchema,
  PageQuerySchema,
  TryReplySchema,
  TryRequestSchema,
} from "@intramuros/contracts";
import { Type } from "typebox";
import type { Assistant, AssistantDecision } from "../dialogue/assistant.ts";
import { HttpFault, type Permission } from "../http/route.ts";
import type { LiveHub } from "../live/live-hub.ts";
import { importCsv } from "./import-csv.ts";
import { importMarkdown } from "./import-markdown.ts";
import { ANSWER_AT } from "./judge.ts";
import type { Knowledge } from "./knowledge-store.ts";
import { languageOf } from "./language-of.ts";

const READERS: Permission = ["administrator", "supervisor", "agent", "auditor"];
const WRITERS: Permission = ["administrator", "supervisor"];
const ListQuerySchema = Type.Object({
  ...PageQuerySchema.properties,
  language: Type.Optional(LanguageSchema),
  tag: Type.Optional(Type.String({ maxLength: 40 })),
});
/** Room for an import of 2,000,000 characters in UTF-8 and its JSON escapes. */
const IMPORT_BODY_BYTES = 12_000_000;

/** Articles: list, read, change, import, try, and the end of the example. Contracts: `http/knowledge.ts`. */
export const knowledgePlugin: FastifyPluginAsyncTypebox<{
  readonly knowledge: Knowledge;
  readonly assistant: Assistant;
  readonly hub: LiveHub;
}> = async (app, { knowledge, assistant, hub }) => {
  const changed = () => hub.publish({ type: "changed", what: "articles" });

  app.get(
    "/api/knowledge/articles",
    {
      config: { permission: READERS },
      schema: { querystring: ListQuerySchema, response: { 200: ArticlePageSchema } },
    },
    async (request) => {
      const { cursor, limit = 50, q, language, tag } = request.query;
      const found = knowledge
        .list()
        .filter((article) => cursor === undefined || article.id > cursor)
        .filter((article) => language === undefined || article.language === language)
        .filter((article) => tag === undefined || article.tags.includes(tag))
        .filter((article) => q === undefined || mentions(article, q));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > items.length && last !== undefined ? { items, next: last.id } : { items };
    },
  );

  app.get(
    "/api/knowledge/articles/:id",
    { config: { permission: READERS }, schema: { params: IdParamsSchema, response: { 200: ArticleSchema } } },
    async (request) => knowledge.article(request.params.id) ?? gone(),
  );

  app.post(
    "/api/knowledge/articles",
    {
      config: { permission: WRITERS, audit: "knowledge.changed" },
      schema: { body: ArticleInputSchema, response: { 201: ArticleSchema } },
    },
    async (request, reply) => {
      const article = await knowledge.create(checked(request.body), request.actor?.id ?? "local-operator");
      changed();
      return reply.code(201).send(article);
    },
  );

  app.put(
    "/api/knowledge/articles/:id",
    {
      config: { permission: WRITERS, audit: "knowledge.changed" },
      schema: { params: IdParamsSchema, body: ArticleInputSchema, response: { 200: ArticleSchema } },
    },
    async (request) => {
      const by = request.actor?.id ?? "local-operator";
      const article = await knowledge.update(request.params.id, checked(request.body), by);
      if (article === undefined) return gone();
      changed();
      return article;
    },
  );

  app.delete(
    "/api/knowledge/articles/:id",
    {
      config: { permission: WRITERS, audit: "knowledge.changed" },
      schema: { params: IdParamsSchema, response: { 200: OkSchema } },
    },
    async (request) => {
      if (!(await knowledge.remove(request.params.id))) return gone();
      changed();
      return { ok: true as const };
    },
  );

  app.post(
    "/api/knowledge/import",
    {
      config: { permission: WRITERS, audit: "knowledge.imported" },
      bodyLimit: IMPORT_BODY_BYTES,
      schema: { body: ImportRequestSchema, response: { 200: ImportReplySchema } },
    },
    async (request) => {
      const { format, text, dryRun = false } = request.body;
      const readBy = /^\s*zh\b/i.test(request.headers["accept-language"] ?? "") ? "zh" : "en";
      const { articles, problems } = format === "csv" ? importCsv(text, readBy) : importMarkdown(text, readBy);
      if (problems.length > 0) return { imported: 0, problems: [...problems] };
      if (dryRun) return { imported: articles.length, problems: [] };
      const imported = await knowledge.importAll(
        articles.map(({ article }) => article),
        request.actor?.id ?? "local-operator",
      );
      changed();
      return { imported, problems: [] };
    },
  );

  app.delete(
    "/api/knowledge/seed",
    {
      config: { permission: WRITERS, audit: "knowledge.seed-deleted" },
      schema: { response: { 200: OkSchema } },
    },
    async () => {
      if ((await knowledge.removeSeed()) > 0) changed();
      return { ok: true as const };
    },
  );

  // Changes nothing; audited because whoever tries questions in the console works with the customers' assistant.
  app.post(
    "/api/knowledge/try",
    {
      config: { permission: READERS, audit: "knowledge.tried" },
      schema: { body: TryRequestSchema, response: { 200: TryReplySchema } },
    },
    async (request) => {
      const { text } = request.body;
      const language = request.body.language ?? languageOf(text, "zh");
      const decision = await assistant.answer({
        medium: "web-chat",
        text,
        via: "text",
        language,
        confidence: 1,
        emotion: null,
        memory: null,
        customerName: "",
      });
      return {
        language: decision.language,
        decision: triedAs(decision.reason),
        reply: decision.text,
        threshold: ANSWER_AT,
        matches: knowledge.search(text, decision.language).map(({ articleId, title, question, score, terms }) => ({
          articleId,
          title,
          question,
          score,
          terms: [...terms],
        })),
      };
    },
  );
};

function triedAs(reason: AssistantDecision["reason"]): "answer" | "clarify" | "handoff" | "small-talk" | "no-match" {
  switch (reason) {
    case "answer":
      return "answer";
    case "clarify":
      return "clarify";
    case "handoff":
    case "offer-person":
    case "message":
      return "handoff";
    case "no-match":
    case "no-input":
      return "no-match";
    case "greeting":
    case "small-talk":
    case "goodbye":
    case "menu":
      return "small-talk";
  }
}

/** Every word of the search is somewhere in the article. */
function mentions(article: Article, query: string): boolean {
  const text = [article.title, ...article.questions, article.answer, article.spokenAnswer, ...article.tags]
    .join("\n")
    .normalize("NFKC")
    .toLowerCase();
  return query
    .normalize("NFKC")
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Lengths are the schema's matter; that there is more than white space is ours. */
function checked(input: ArticleInput): ArticleInput {
  for (const field of ["title", "answer"] as const) {
    if (input[field].trim() === "") throw empty(field);
  }
  const questions = [
    ...new Set(input.questions.map((question) => question.trim()).filter((question) => question !== "")),
  ];
  if (questions.length === 0) throw empty("questions");
  const tags = [...new Set(input.tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))];
  return { ...input, title: input.title.trim(), questions, tags };
}

const empty = (field: string): HttpFault =>
  new HttpFault({
    status: 422,
    code: "article-incomplete",
    message: `The field "${field}" is empty.`,
    hint: "An article needs a title, at least one question as customers ask it, and an answer.",
    field,
  });

function gone(): never {
  throw new HttpFault({
    status: 404,
    code: "article-not-found",
    message: "There is no such article any more.",
    hint: "Load the list again; somebody else may have removed it.",
  });
}
