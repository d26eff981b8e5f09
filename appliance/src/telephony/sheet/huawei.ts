import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** Huawei: eSpace U1900 as a PBX, and the IMS core as a carrier. */
export function huaweiSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  return [
    {
      title: say("U1900：SIP 中继", "U1900: SIP trunk"),
      rows: rows(
        row(
          say("中继配置 → SIP 中继 → 新建 → 中继类型", "Trunk → SIP trunk → New → type"),
          trunk.mode === "peer" ? say("对等（IP 中继）", "peer (IP trunk)") : say("注册", "registration"),
          say("与本中继的方式一致", "as this trunk's mode"),
        ),
        row(
          say("… → 对端地址 / 端口", "… → peer address / port"),
          `${address} / ${port}`,
          say("本设备的信令地址", "our signalling address"),
        ),
        row(
          say("… → 传输协议", "… → transport"),
          transport.toUpperCase(),
          say("两端必须一致", "both ends have to agree"),
        ),
        row(
          say("… → 心跳（OPTIONS）", "… → heartbeat (OPTIONS)"),
          say("启用，30 s，3 次无应答算断", "on, 30 s, down after 3 without an answer"),
          say("本设备总会应答 OPTIONS", "we always answer OPTIONS"),
        ),
        row(say("… → 编解码", "… → codecs"), facts.codecs, say("G.711A 放在第一位", "G.711A comes first")),
        row(
          say("… → DTMF 方式", "… → DTMF mode"),
          facts.dtmf,
          say("另一种方式会收不到按键", "digits are lost in another mode"),
        ),
        row(say("… → 媒体加密", "… → media encryption"), facts.srtp, say("与本中继一致", "as on this trunk")),
        row(
          say("… → 会话定时器（RFC 4028）", "… → session timer (RFC 4028)"),
          facts.timers,
          say("IMS 要求打开", "the IMS wants it on"),
        ),
        row(
          say("… → 100rel（PRACK）", "… → 100rel (PRACK)"),
          trunk.session.prack,
          say("两端一致，回铃音才稳", "early media is steady when both agree"),
        ),
        trunk.maxCalls > 0
          ? row(
              say("… → 并发路数", "… → channels"),
              String(trunk.maxCalls),
              say("与本中继的上限一致", "this trunk's limit"),
            )
          : null,
      ),
    },
    {
      title: say("U1900：号码", "U1900: numbers"),
      rows: rows(
        row(
          say("字冠（前缀）配置 → 出局字冠", "Prefix → outgoing prefix"),
          facts.numbers,
          say("这些号码送到上面的中继", "these numbers go to the trunk above"),
        ),
        row(
          say("号码变换", "Number transformation"),
          say("不变换，主被叫原样送出", "none: numbers go as they are"),
          say("本设备自己规范号码", "we normalise numbers ourselves"),
        ),
        row(
          say("主叫显示", "Caller display"),
          "P-Asserted-Identity / From",
          say("两者都能识别", "both are understood"),
        ),
      ),
    },
    {
      title: say("IMS（运营商中继）", "IMS (carrier trunk)"),
      rows: rows(
        row(
          say("预置条件（RFC 3312）", "Preconditions (RFC 3312)"),
          say("可选，不要设为必须", "optional, not required"),
          say("必须时本设备答 421/580 并说明", "when required we answer 421 or 580 and say so"),
        ),
        row(
          "Min-SE / Session-Expires",
          `${trunk.session.minSeSeconds} / ${trunk.session.expiresSeconds}`,
          say("小于对方的下限会收到 422，本设备会按它重发", "below the carrier's minimum comes a 422, which we follow"),
        ),
      ),
    },
  ];
}
