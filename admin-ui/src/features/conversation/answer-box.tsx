import Button from "antd/es/button";
import { type KeyboardEvent, useState } from "react";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { useAnswerChat } from "./api/answer-chat.ts";

/** A person answers in a chat. What was typed stays until the appliance has it. */
export function AnswerBox({ id }: { readonly id: string }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const answer = useAnswerChat(id);
  const send = () => {
    if (text.trim() === "" || answer.isPending) return;
    answer.mutate(text.trim(), { onSuccess: () => setText("") });
  };
  const keys = (event: KeyboardEvent) => {
    // an Enter that ends the choice of a Chinese character sends nothing
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="answer-box">
      {answer.error && <FaultNotice error={answer.error} kept />}
      <div className="answer-row">
        <TextArea
          aria-label={t("conversation.answerBox")}
          placeholder={t("conversation.answerPlaceholder")}
          lines={1}
          maxLines={6}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
        />
        <Button type="primary" loading={answer.isPending} disabled={text.trim() === ""} onClick={send}>
          {t("conversation.answerSend")}
        </Button>
      </div>
    </div>
  );
}
