import { type ServerUnaryCall, type ServiceError, type sendUnaryData, status } from "@grpc/grpc-js";
import type { TextEmotion } from "../emotion/text-emotion.ts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { type EmotionMessageOut, emotionMessage } from "../speech/messages.ts";
import { identifyLanguage, type LanguageGuess } from "./identify.ts";
import type { IntentExample, IntentMatch, IntentMatcher } from "./intent.ts";

const MAX_TEXT = 8000;
const MAX_EXAMPLES = 2000;

interface TextMessage {
  readonly text: string;
  readonly language: string;
  readonly party: string;
}
interface IntentMessage {
  readonly text: string;
  readonly language: string;
  readonly examples: readonly IntentExample[];
}

/** Serves `Language`. The emotion of an agent's words is refused here, whoever asks. */
export function languageHandlers(texts: TextEmotion & IntentMatcher, registry: ModelRegistry) {
  const timed = <T>(id: string, work: () => T): T => {
    const startedAt = performance.now();
    const result = work();
    registry.timed(id, performance.now() - startedAt);
    return result;
  };
  return {
    AnalyzeEmotion: unary(async ({ text, party, language: told }: TextMessage): Promise<EmotionMessageOut> => {
      if (party === "agent") throw fault(status.PERMISSION_DENIED, "the emotion of agents is never analysed");
      if (party !== "customer") throw fault(status.INVALID_ARGUMENT, "party: customer or agent");
      checkText(text);
      const language = told || identifyLanguage(text).language;
      const score = await texts.analyse(text, language);
      if (!score)
        throw fault(status.UNAVAILABLE, "no text emotion model of this language is ready: see the models page");
      return emotionMessage(score);
    }),
    IdentifyLanguage: unary(async ({ text }: TextMessage): Promise<LanguageGuess> => {
      checkText(text);
      return timed("script-language-id", () => identifyLanguage(text));
    }),
    MatchIntent: unary(
      async ({ text, language: told, examples }: IntentMessage): Promise<{ matches: IntentMatch[] }> => {
        checkText(text);
        if (examples.length > MAX_EXAMPLES || examples.some((example) => example.text.length > 500)) {
          throw fault(status.INVALID_ARGUMENT, `examples: at most ${MAX_EXAMPLES} of 500 characters`);
        }
        const language = told || identifyLanguage(text).language;
        const matches = await texts.match(text, language, examples);
        if (!matches)
          throw fault(status.UNAVAILABLE, "the text models did not answer in time; they start again by themselves");
        return { matches: [...matches] };
      },
    ),
  };
}

function checkText(text: string): void {
  if (text.length > MAX_TEXT) throw fault(status.INVALID_ARGUMENT, `text: at most ${MAX_TEXT} characters`);
}

const fault = (code: status, details: string): ServiceError =>
  Object.assign(new Error(details), { code, details }) as ServiceError;

/** An answer, or the fault that was thrown; anything else that is thrown is our own and says so. */
function unary<Request, Response>(work: (request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
    work(call.request).then(
      (response) => answer(null, response),
      (error: Error) => answer("code" in error ? (error as ServiceError) : fault(status.INTERNAL, error.message)),
    );
  };
}
