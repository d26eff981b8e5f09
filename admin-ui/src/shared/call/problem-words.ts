import type { Language } from "../format/time.ts";

/** What telephony says of a trunk or of a missing figure, in Chinese. Sentences that are not here are shown as they came. */
const ZH: Readonly<Record<string, string>> = {
  "no answer": "无应答",
  "not tried yet": "还没有试",
  "the trunk has no peer": "没有填对方地址",
  "the PBX cannot be reached": "连不上对方",
  "the PBX calls our expiry too brief and names no better one": "对方嫌注册有效期太短，又没有说要多长",
  "the PBX asks for a user name and password, and the trunk has none (account)": "对方要用户名和密码，而中继上没有填",
  "the PBX does not take our user name or password": "对方不接受我们的用户名或密码",
  "the PBX refuses us without a challenge that we can read": "对方拒绝了我们，也没有给出读得懂的鉴权要求",
  "the SIP server is not connected yet": "SIP 服务器还没有连上",
  "telephony does not know this trunk yet": "话务进程还不认识这条中继",
  "no audio came": "没有收到语音",
  "no audio was sent": "没有发出语音",
  "the peer sends no RTCP reports: what arrived there is unknown": "对方不发 RTCP 报告，不知道它收到了多少",
  "the peer's RTCP reports say nothing of our audio: what arrived there is unknown":
    "对方的 RTCP 报告没有说到我们的语音，不知道它收到了多少",
  "the peer answers none of our RTCP reports: the round trip is unknown, and the MOS reckons without the network's delay":
    "对方不理会我们的 RTCP 报告，往返时延未知，MOS 没有计入网络时延",
  "RTCP is off for this trunk: the round trip is unknown, and the MOS reckons without the network's delay":
    "这条中继关闭了 RTCP，往返时延未知，MOS 没有计入网络时延",
};

/** A sentence may stand behind the host that it is about: `pbx.bank.example: no answer`. */
export function problemWords(problem: string, language: Language): string {
  if (language === "en" || problem === "") return problem;
  const known = Object.hasOwn(ZH, problem) ? ZH[problem] : undefined;
  if (known !== undefined) return known;
  const [, host = "", rest = ""] = /^(\S+): (.+)$/.exec(problem) ?? [];
  const behind = Object.hasOwn(ZH, rest) ? ZH[rest] : undefined;
  return behind === undefined ? problem : `${host}：${behind}`;
}
