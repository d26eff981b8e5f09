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
/** Keys that the example bank answers by itself: with no recogniser for the caller's language, or no inference at all, they still serve. */
const topics: Readonly<Record<Language, readonly string[]>> = {
  zh: [
    "手机银行每天最多可以转五万元，用安全密钥确认的话，每天最多可以转二十万元。",
    "请马上在手机银行的银行卡、挂失里办理，或按零转人工，由同事帮您挂失。新卡五个工作日送到。",
    "网点周一到周五上午九点到下午五点营业，周六上午九点半到下午三点半，周日和节假日休息。",
  ],
  en: [
    "Your daily transfer limit is fifty thousand yuan in the app, or two hundred thousand yuan if you confirm with a security key.",
    "Please block the card at once in the app under Cards, or press zero and a person will block it for you. A new card takes five working days.",
    "Our branches are open Monday to Friday from nine to five, and Saturday from half past nine to half past three.",
  ],
};
const menuOf = (language: Language, queueId: string): FlowInput["menu"] => [
  ...topics[language].map((text, n) => ({
    digit: String(n + 1),
    action: "say" as const,
    text,
    queueId: "",
    flowId: "",
  })),
  { digit: "0", action: "handoff", text: "", queueId, flowId: "" },
  { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
];
const times = { noInputMs: 6_000, maxNoInput: 3 };

export const seedFlow = (language: Language, siteName: string, ids: { queueId: string }): FlowInput =>
  language === "zh"
    ? {
        name: "普通话服务",
        language: "zh",
        greeting: `您好，我是${siteIn("zh", siteName)}的人工智能语音助手。查询转账限额请按一，银行卡挂失请按二，营业时间请按三，人工服务请按零，重听请按星号。`,
        // No Mandarin recogniser is built in: the keypad comes first until a site brings one and writes its own greeting.
        menuPrompt: "转账限额请按一，银行卡挂失请按二，营业时间请按三，人工服务请按零，重听请按星号。",
        menu: menuOf("zh", ids.queueId),
        queueId: ids.queueId,
        noInputPrompt: "抱歉，我没有收到您的选择。请按键选择，人工服务请按零。",
        noMatchPrompt: "抱歉，我没有听清楚。请按键选择，人工服务请按零。",
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
          "For transfer limits press one, for a lost card press two, for opening hours press three. To hear this again press star. For a person press zero.",
        menu: menuOf("en", ids.queueId),
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
  greeting: `您好，我是${siteIn("zh", siteName)}的人工智能语音助手。普通话服务请按一。For English, press two. 人工服务请按零。`,
  menuPrompt: "普通话服务请按一。For English, press two. 人工服务请按零。",
  menu: [
    { digit: "1", action: "language", text: "", queueId: "", flowId: ids.zhFlowId },
    { digit: "2", action: "language", text: "", queueId: "", flowId: ids.enFlowId },
    { digit: "0", action: "handoff", text: "", queueId: ids.queueId, flowId: "" },
    { digit: "*", action: "repeat", text: "", queueId: "", flowId: "" },
  ],
});
