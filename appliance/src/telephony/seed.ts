import type { FlowInput, Language } from "@intramuros/contracts";

/**
 * What a new installation answers calls with. Each greeting says within the first words that an AI speaks (in China the label of
 * synthetic speech belongs to its beginning: GB 45438-2025), and how to reach a person.
 */
/** The site's name where the voice of the language can say it: no Latin name in Mandarin, no Han name in English. */
const siteIn = (language: Language, siteName: string): string => {
  const isHan = /\p{Script=Han}/u.test(siteName);
  if (language === "zh") return isHan ? siteName : "本机构";
  return isHan ? "" : ` of ${siteName}`;
};
const times = { noInputMs: 6_000, maxNoInput: 3 };

export const seedFlow = (language: Language, siteName: string, ids: { queueId: string }): FlowInput =>
  language === "zh"
    ? {
        name: "普通话服务",
        language: "zh",
        greeting: `您好，我是${siteIn("zh", siteName)}的人工智能语音助手。请直接说出您的问题。需要人工服务，请说“转人工”或按零。`,
        menuPrompt: "您可以直接说出问题，例如“我的转账限额是多少”。重听请按星号，人工服务请按零。",
        menu: [
          { digit: "0", action: "handoff", text: "", queueId: ids.queueId, flowId: "" },
          { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
        ],
        queueId: ids.queueId,
        noInputPrompt: "抱歉，我没有听到您的声音。请再说一遍，或按零转人工。",
        noMatchPrompt: "抱歉，我没有听清楚。请换一种说法，或按零转人工。",
        handoffPrompt: "正在为您转接人工坐席，请稍候。",
        messagePrompt: "坐席正忙。请在提示音后留言，说完挂机即可，我们会尽快给您回电。",
        goodbyePrompt: "感谢您的来电，再见。",
        ...times,
      }
    : {
        name: "English service",
        language: "en",
        greeting: `Hello, this is the AI voice assistant${siteIn("en", siteName)}. Please ask your question in your own words. For a person, say agent or press zero.`,
        menuPrompt:
          "Please ask your question in your own words, for example: what is my transfer limit? To hear this again press star. For a person press zero.",
        menu: [
          { digit: "0", action: "handoff", text: "", queueId: ids.queueId, flowId: "" },
          { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
        ],
        queueId: ids.queueId,
        noInputPrompt: "Sorry, I did not hear you. Please say that again, or press zero for a person.",
        noMatchPrompt: "Sorry, I did not catch that. Please say it in other words, or press zero for a person.",
        handoffPrompt: "I am connecting you with a person. One moment, please.",
        messagePrompt:
          "Everybody is busy. Please leave a message after the tone and hang up when you have finished. We will call you back.",
        goodbyePrompt: "Thank you for calling. Goodbye.",
        ...times,
      };

export const seedBilingualFlow = (
  siteName: string,
  ids: { queueId: string; zhFlowId: string; enFlowId: string },
): FlowInput => ({
  ...seedFlow("zh", siteName, ids),
  name: "双语迎宾 / Bilingual",
  greeting: `您好，我是${siteIn("zh", siteName)}的人工智能语音助手。普通话服务请按一。For English, press two. 您也可以直接说出问题，人工服务请按零。`,
  menuPrompt: "普通话服务请按一。For English, press two. 人工服务请按零。",
  menu: [
    { digit: "1", action: "language", text: "", queueId: "", flowId: ids.zhFlowId },
    { digit: "2", action: "language", text: "", queueId: "", flowId: ids.enFlowId },
    { digit: "0", action: "handoff", text: "", queueId: ids.queueId, flowId: "" },
    { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
  ],
});
