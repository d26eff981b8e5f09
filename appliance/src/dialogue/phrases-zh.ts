import type { Phrases } from "./phrases.ts";

const list = (items: readonly string[]): string => items.join("、");
const quoted = (title: string): string => `“${title}”`;

/** 助手自己说的所有中文话术。Everything that the assistant says by itself in Mandarin. */
export const PHRASES_ZH: Phrases = {
  greeting: ["您好，请问有什么可以帮您？", "您好，很高兴为您服务，请问您想咨询什么？"],
  howAreYou: ["我很好，谢谢关心。请问有什么可以帮您？"],
  whoAreYou: ["我是银行的智能助手，是一个人工智能程序。我可以解答业务问题，您也可以随时让我转接人工。"],
  thanks: ["不客气，请问还有什么可以帮您？", "应该的，您还有其他问题吗？"],
  anythingElse: ["请问还有什么可以帮您？"],
  goAhead: ["您请讲，想了解什么？", "好的，请说您的问题。"],
  help: (topics) => [
    topics.length === 0
      ? "请直接说出您的问题；需要人工服务，请说“转人工”。"
      : `您可以直接问我${list(topics)}等方面的问题；需要人工服务，请说“转人工”。`,
  ],
  goodbye: ["感谢您的咨询，再见！", "谢谢您，祝您生活愉快，再见！"],
  notHeard: ["不好意思，我没有听清，请您再说一遍好吗？", "抱歉，刚才没听清楚，麻烦您再说一次。"],
  notKnown: (topics) => [
    topics.length === 0
      ? "这个问题我不太有把握，您可以换个说法再问一次吗？"
      : `这个问题我不太有把握，您可以换个说法再问一次吗？比如${list(topics)}方面的问题，我都可以解答。`,
  ],
  offerPerson: [
    "这个问题我没有可靠的答案，需要为您转接人工客服吗？",
    "为了不给您错误的信息，我帮您转接人工客服，可以吗？",
  ],
  offerAfterAnswer: ["需要我再为您转接人工客服吗？"],
  offerInMood: ["需要我为您转接人工客服吗？您也可以先跟我说说情况。"],
  offerForComplaint: ["很抱歉让您不满意。我可以马上为您转接同事受理投诉，需要转接吗？"],
  stillHere: ["好的，我继续为您服务，请问您想了解什么？"],
  handoff: [
    "好的，马上为您转接人工客服。同事可以看到我们的对话，您不用重复说明。",
    "好的，正在为您转接人工客服，我们的对话同事都能看到，请稍等。",
  ],
  handoffNotUnderstood: ["这个问题我没有可靠的答案，我为您转接人工客服，请稍等。"],
  clarifyOne: (title) => [`跟您确认一下，您想问的是${quoted(title)}吗？`],
  clarifyTwo: (first, second) => [
    `请问您想问的是${quoted(first)}，还是${quoted(second)}？`,
    `您是想了解${quoted(first)}，还是${quoted(second)}呢？`,
  ],
  clarifyMany: (titles) => [
    `您具体想了解哪方面？比如${list(titles.map(quoted))}。`,
    `能再说具体一点吗？是${list(titles.map(quoted))}，还是其他问题？`,
  ],
  whichOne: (titles) => [
    `请问是哪一个：${titles.map((title, at) => `第${["一", "二", "三"][at]}个${quoted(title)}`).join("，")}？`,
  ],
  nothingToRepeat: ["我是银行的智能助手，请问您想了解什么？"],
};
