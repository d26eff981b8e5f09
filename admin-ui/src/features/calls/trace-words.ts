import type { Language } from "../../shared/format/time.ts";

/** What the appliance says beside a trace, in Chinese: notes of the difference between offer and answer, and of what the call did. */
const RULES: readonly (readonly [pattern: RegExp, chinese: string])[] = [
  [/^no codec in common: there will be no audio$/, "没有共同的编码：不会有声音"],
  [/^(\S+) is spoken: not the first choice of the offer$/, "用 $1：不是提议的首选"],
  [/^(\S+) is spoken; the other side may change codec without asking$/, "用 $1；对方可以不打招呼就换编码"],
  [/^(.+) has another number in the answer: each side sends by the other's$/, "$1 在应答里换了号：各按对方的号发送"],
  [/^no keys as RFC 4733 events: INFO or tones in the audio$/, "没有 RFC 4733 按键事件：按键走 INFO 或带内音"],
  [/^answered though not offered$/, "没有提议却应答了"],
  [/^refused: keys come by INFO or as tones in the audio, or not at all$/, "被拒绝：按键走 INFO 或带内音，或根本没有"],
  [/^the numbers differ: keys go out as (\d+) and come in as (\d+)$/, "载荷号不同：按键以 $1 发出、以 $2 收到"],
  [/^put on hold by the side that offers$/, "被提议一方保持"],
  [/^put on hold by the side that answers$/, "被应答一方保持"],
  [/^no audio either way: hold$/, "双向都没有语音：保持"],
  [/^the side that offers only listens$/, "提议一方只听"],
  [/^the side that answers only listens: one-way on purpose$/, "应答一方只听：有意的单向"],
  [/^port 0: the audio stream is refused$/, "端口 0：拒绝了语音"],
  [/^each side sends packets of the length that the other one asks for$/, "各按对方要求的时长打包"],
  [/^encryption was offered and not taken$/, "提议了加密，没有被接受"],
  [/^encryption was answered though not offered: not allowed$/, "没有提议却应答了加密：不允许"],
  [/^RTCP goes to a port of its own$/, "RTCP 走单独的端口"],
  [/^offer: no address, an old way to hold \(RFC 2543\)$/, "提议没有地址：旧式的保持（RFC 2543）"],
  [/^answer: no address, an old way to hold \(RFC 2543\)$/, "应答没有地址：旧式的保持（RFC 2543）"],
  [/^offer: the private address (\S+) came from (\S+):.*$/, "提议里的私网地址 $1 来自 $2：中间有 NAT，语音回到来处"],
  [/^answer: the private address (\S+) came from (\S+):.*$/, "应答里的私网地址 $1 来自 $2：中间有 NAT，语音回到来处"],
  [/^offer: audio at another address than the signalling \((\S+)\)$/, "提议的语音地址与信令地址（$1）不同"],
  [/^answer: audio at another address than the signalling \((\S+)\)$/, "应答的语音地址与信令地址（$1）不同"],
  [/^on hold$/, "保持"],
  [/^resumed$/, "恢复通话"],
  [/^a person of (.+) is asked for$/, "请求转人工：$1"],
  [/^\s*rings$/, "外线振铃"],
  [/^(.+) rings$/, "$1 振铃"],
  [/^\s*takes the call$/, "外线接听"],
  [/^(.+) takes the call$/, "$1 接听"],
  [/^nobody took it: (.+)$/, "无人接听：$1"],
  [/^a message of (\d+) s was taken$/, "客户留言 $1 秒"],
];

/** One note may hold several, set apart by semicolons; what has no words here is shown as it came. */
export function traceWords(text: string, language: Language): string {
  if (language === "en" || text === "") return text;
  const whole = translate(text);
  if (whole !== null) return whole;
  return text
    .split("; ")
    .map((part) => translate(part) ?? part)
    .join("；");
}

function translate(text: string): string | null {
  for (const [pattern, chinese] of RULES) if (pattern.test(text)) return text.replace(pattern, chinese);
  return null;
}
