import type { DoctorFinding } from "@intramuros/contracts/browser";
import type { Language } from "../../../shared/format/time.ts";

/** Findings of the doctor in Chinese, by their stable code. The English stands in the finding itself, with its figures. */
const ZH: Readonly<Record<string, readonly [what: string, change?: string]>> = {
  resolved: ["地址已解析"],
  "host-unknown": ["这个名称解析不到任何地址", "改填对方的 IP 地址，或请人在本机所用的 DNS 里登记这个名称"],
  connected: ["可以连上对方"],
  datagrams: ["UDP 没有连接可试，看下面的 OPTIONS 有没有应答"],
  "connection-refused": ["那个端口没有程序在监听", "与对方设备 SIP 监听页上的端口、传输方式核对"],
  "connection-silent": ["对方毫无反应", "中间的防火墙丢了包，或地址不对：请人放行这个端口"],
  "network-unreachable": ["本机没有到达那里的路由", "检查本机的路由和对方地址"],
  "tls-client-certificate": [
    "对方中断了握手，多半是要我们出示证书",
    "给 sip.tlsCertPath 配一张对方信任的机构签发的证书，或在对方关闭双向 TLS",
  ],
  "tls-handshake": ["TLS 连接没有建立", "核对 TLS 版本（1.2 以上）和端口"],
  "certificate-expired": ["对方的证书已经过期", "请对方换新证书；在此之前无法安全地走 TLS"],
  "certificate-not-yet-valid": ["对方的证书还没到生效日", "核对两边的时钟，其中一个不准"],
  "certificate-expires-soon": ["对方的证书快到期了", "请对方在到期前换新"],
  "certificate-untrusted": [
    "没有我们信任的机构为对方的证书作保",
    "把签发机构的证书（或对方证书本身）粘贴到 TLS 一组里",
  ],
  "certificate-name": ["证书不是发给这个名称的", "在“证书里的名称”填它实际有的名称"],
  "certificate-good": ["证书有效"],
  "options-no-answer": [
    "对方不应答 OPTIONS",
    "地址和端口对吗？防火墙放行了吗？对方把我们的地址列为中继了吗？许多交换机对陌生来源一声不响",
  ],
  "options-server-error": ["对方在，但现在不接呼叫", "看看对方设备：正在启动、过载，或这条中继在那边停用了"],
  "options-answered": ["对方应答了 OPTIONS"],
  registered: ["注册成功"],
  "registration-too-brief": ["对方要求更长的注册有效期", "把有效期调到对方 Min-Expires 所说的值"],
  "registration-refused": ["对方拒绝了我们的注册", "对方有这个名字的账号吗？允许从我们的地址注册吗？"],
  "no-answer": ["对方没有应答", "对不认识的请求它不作声：核对它的中继列表里有没有我们的地址"],
  "password-missing": ["对方要密码，而中继上没有填", "填写对方账号的用户名和密码"],
  "password-wrong": ["对方不接受我们的用户名和密码", "照对方账号填写密码；鉴权用户名不同的话也要填"],
  "domain-wrong": ["对方不认这个域名", "填写对方给用户使用的 SIP 域名"],
  forbidden: ["对方没有要密码就拒绝了", "请对方把我们的地址加入中继列表，或放行这个域名和号码"],
  "prack-required": [
    "对方坚持要 PRACK（100rel），而中继上关闭了",
    "把“可靠临时应答”改成“支持”，或在对方关闭（CUCM：SIP 配置文件的 Rel1XX Options）",
  ],
  "extension-required": ["对方坚持要一个我们没有的扩展", "在对方的 SIP 配置文件里关掉这项要求"],
  "call-answered": ["呼叫接通"],
  "number-unknown": ["对方不认识所拨的号码", "换一个测试号码，或核对外呼号码规则（前缀、加号、是否带区号）"],
  "codec-other": ["对方一个编码都不要，但它接受别的编码", "把依据里的编码加到中继的编码列表"],
  "codec-none-in-common": [
    "双方没有共同的编码",
    "在对方的中继上放行 G.711A（由其区域、编码优先级或媒体资源决定）；只有一边必须 SRTP 也会这样",
  ],
  "session-interval-small": ["对方要求更长的会话刷新周期", "把会话刷新周期调到对方 Min-SE 所说的值"],
  "callee-busy": ["所拨的号码忙或关机", "再试一次，或换一个测试号码"],
  congestion: ["对方没有空闲线路给这条中继", "看看对方设备上这条中继的并发路数"],
  "call-refused": ["对方拒绝了呼叫", "原因在对方设备对这通呼叫的跟踪里"],
  "codec-not-preferred": ["对方没有选排在第一位的编码", "没有错；如果在意，请对方也把它排到第一"],
  "srtp-not-used": ["语音没有加密：对方没有接受 SRTP", "语音必须加密的话，请对方在这条中继上打开 SRTP"],
  "codec-agreed": ["编码已商定"],
  "prack-off": ["中继上关闭了 PRACK"],
  "prack-works": ["一条可靠的临时应答得到了确认"],
  "prack-unsupported": [
    "中继要求 PRACK，而对方看来不会",
    "把“可靠临时应答”改成“支持”，或在对方的 SIP 配置文件里打开 Rel1XX",
  ],
  "prack-unused": ["对方没有发需要确认的临时应答"],
  "timers-off": ["中继上关闭了会话定时器"],
  "timers-agreed": ["会话会定时刷新"],
  "timers-refused": [
    "对方没有同意会话定时器：挂机消息若丢失，呼叫要到语音超时才结束",
    "在对方的 SIP 配置文件里打开会话刷新",
  ],
  "one-way-audio": [
    "单通：语音只有一个方向",
    "核对依据里双方的媒体地址是否真实可达，以及双方的 RTP 端口范围是否互相放行",
  ],
  "audio-lossy": ["语音有丢包", "检查本机与对方之间的网络；丢 1% 就听得出来"],
  "audio-inbound-only": ["能听到对方；对方能否听到我们，没有回音就无法知道", "给出对方的回音号码，或会绕回我们的号码"],
  "audio-both-ways": ["双向语音正常"],
  "audio-from-elsewhere": ["对方的语音来自中继没有列出的地址，被丢弃了", "把对方媒体网关的地址加到中继的允许地址里"],
  "nat-address-ours": ["没有语音进来：我们的 SDP 写的地址不是本机的", "改正 NAT 地址，或把它的 RTP 端口范围转发到本机"],
  "nat-address": [
    "没有语音进来：对方的 SDP 写的是一个私网地址，与它发信令的地址不同",
    "在对方设备填写它对外的媒体地址（Asterisk：external_media_address）",
  ],
  "rtp-blocked": ["呼叫接通了，却没有收到一个语音包", "防火墙丢了 RTP：在双方的 RTP 端口范围之间双向放行 UDP"],
  "dtmf-not-negotiated": [
    "对方没有提供按键事件：按键会以带内音或 INFO 到来",
    "请对方在这条中继上打开 RFC 4733（RFC 2833），或把按键方式改成自动",
  ],
  "dtmf-other-way": ["按键走另一种方式，没有试"],
  "dtmf-no-echo": ["按键事件已商定；要读回按键得有回音号码"],
  "dtmf-works": ["按键全部读回，与发出的一致"],
  "dtmf-lost": ["一个按键也没有回来", "对方的 SDP 接受按键事件却没有往下传：看看它两侧的 DTMF 方式"],
  "dtmf-changed": ["读回的按键与发出的不同", "看看对方两侧的 DTMF 方式"],
  "hold-refused": ["对方拒绝 re-INVITE", "请对方在这条中继上允许 re-INVITE（保持）：保持和转接都靠它"],
  "hold-silent": ["保持再恢复之后没有语音了", "看看对方的保持音乐和媒体设置"],
  "hold-works": ["保持与恢复正常"],
};

export function findingWords(
  finding: Pick<DoctorFinding, "code" | "what" | "change" | "evidence">,
  language: Language,
): { readonly what: string; readonly change: string; readonly detail: string } {
  const row = language === "zh" && Object.hasOwn(ZH, finding.code) ? ZH[finding.code] : undefined;
  if (row === undefined) return { what: finding.what, change: finding.change, detail: finding.evidence };
  // the figures and addresses stand in the English words
  const detail = finding.evidence === "" && /[0-9]/.test(finding.what) ? finding.what : finding.evidence;
  return { what: row[0], change: finding.change === "" ? "" : (row[1] ?? finding.change), detail };
}

/** For a test that keeps the words complete. */
export const knownFindings = (): readonly string[] => Object.keys(ZH);
