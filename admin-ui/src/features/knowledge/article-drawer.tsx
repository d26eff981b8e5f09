import { type Article, type ArticleInput, ArticleInputSchema } from "@intramuros/contracts/browser";
import Form from "antd/es/form";
import Input from "antd/es/input";
import Segmented from "antd/es/segmented";
import Select from "antd/es/select";
import Switch from "antd/es/switch";
import { useArticle } from "../../shared/api/article.ts";
import { LinesInput } from "../../shared/form/lines-input.tsx";
import { RecordDrawer } from "../../shared/form/record-drawer.tsx";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { useDeleteArticle, useSaveArticle } from "./api/articles.ts";

interface ArticleDrawerProps {
  readonly id: string | null;
  readonly question: string;
  readonly readOnly: boolean;
  readonly onClose: () => void;
}

export function ArticleDrawer(props: ArticleDrawerProps) {
  const article = useArticle(props.id ?? "", props.id !== null);
  if (props.id !== null && article.data === undefined) return null;
  return <ArticleForm {...props} article={article.data ?? null} />;
}

function ArticleForm(props: ArticleDrawerProps & { readonly article: Article | null }) {
  const { t, language } = useText();
  const save = useSaveArticle();
  const remove = useDeleteArticle();
  const { article } = props;
  const initial: ArticleInput =
    article === null
      ? {
          title: "",
          language: /[\u4e00-\u9fff]/.test(props.question) || props.question === "" ? language : "en",
          questions: props.question === "" ? [] : [props.question],
          answer: "",
          spokenAnswer: "",
          tags: [],
          enabled: true,
        }
      : {
          title: article.title,
          language: article.language,
          questions: [...article.questions],
          answer: article.answer,
          spokenAnswer: article.spokenAnswer,
          tags: [...article.tags],
          enabled: article.enabled,
        };
  return (
    <RecordDrawer
      title={t(article === null ? "knowledge.newTitle" : "knowledge.editTitle")}
      schema={ArticleInputSchema}
      initial={initial}
      readOnly={props.readOnly}
      save={(body) => save.mutateAsync({ id: article?.id ?? null, body })}
      {...(article === null
        ? {}
        : {
            remove: {
              ask: t("knowledge.deleteAsk", { title: article.title }),
              then: t("knowledge.deleteThen"),
              act: () => remove.mutateAsync(article.id),
            },
          })}
      onClose={props.onClose}
      width={600}
    >
      <Form.Item name="title" label={t("knowledge.title")}>
        <Input maxLength={200} />
      </Form.Item>
      <div className="two">
        <Form.Item name="language" label={t("knowledge.language")}>
          <Segmented
            options={[
              { value: "zh", label: t("common.lang.zh") },
              { value: "en", label: t("common.lang.en") },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="enabled"
          label={t("knowledge.enabled")}
          valuePropName="checked"
          extra={t("knowledge.enabledHelp")}
        >
          <Switch />
        </Form.Item>
      </div>
      <Form.Item name="questions" label={t("knowledge.questions")} extra={t("knowledge.questionsHelp")}>
        <LinesInput rows={4} disabled={props.readOnly} />
      </Form.Item>
      <Form.Item name="answer" label={t("knowledge.answer")} extra={t("knowledge.answerHelp")}>
        <TextArea lines={4} maxLines={14} maxLength={4000} />
      </Form.Item>
      <Form.Item name="spokenAnswer" label={t("knowledge.spokenAnswer")} extra={t("knowledge.spokenHelp")}>
        <TextArea lines={2} maxLines={8} maxLength={2000} />
      </Form.Item>
      <Form.Item name="tags" label={t("knowledge.tags")}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、"]} />
      </Form.Item>
    </RecordDrawer>
  );
}
