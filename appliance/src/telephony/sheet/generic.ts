import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** Any PBX, SBC or gateway: the values by what they mean. */
export function genericSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  return [
    {
      title: say("信令", "Signalling"),
      rows: rows(
        row(say("对端地址", "Peer address"), address, say("本设备的信令地址", "our signalling address")),
        row(
          say("端口与传输", "Port and transport"),
          `${port} / ${transport.toUpperCase()}`,
          say("两端必须一致", "both ends have to agree"),
        ),
        row(
          say("方式", "Mode"),
          {
            peer: say("对等（按地址互认）", "peer, known by address"),
            register: say("接受本设备注册", "accepts our registration"),
            registrar: say("向本设备注册", "registers with us"),
          }[trunk.mode],
          say("与本中继的方式一致", "as this trunk's mode"),
        ),
        row(
          say("探测", "Keep-alive"),
          facts.optionsSeconds === 0 ? say("OPTIONS，60 s", "OPTIONS, 60 s") : `OPTIONS, ${facts.optionsSeconds} s`,
          say(
            "本设备总会应答；我们收到 500 以下的任何应答都算在线",
            "we always answer; for us any answer below 500 means alive",
          ),
        ),
        row(
          say("会话定时器（RFC 4028）", "Session timers (RFC 4028)"),
          facts.timers,
          say("re-INVITE 或 UPDATE 刷新都可以", "refreshed by re-INVITE or UPDATE"),
        ),
        row("100rel (PRACK)", trunk.session.prack, say("可靠的临时应答", "reliable provisional responses")),
        row(
          say("转接（REFER）", "Transfer (REFER)"),
          {
            allow: say("照办", "followed"),
            bridge: say("由本设备接通", "carried out as a bridge here"),
            deny: say("拒绝", "refused"),
          }[trunk.session.refer],
          say("对方发 REFER 时", "when the PBX sends a REFER"),
        ),
      ),
    },
    {
      title: say("媒体", "Media"),
      rows: rows(
        row(say("编码（按顺序）", "Codecs, in order"), facts.codecs, `${trunk.media.ptimeMs} ms`),
        row("DTMF", facts.dtmf, say("另一种方式会收不到按键", "digits are lost in another mode")),
        row(say("加密", "Encryption"), facts.srtp, say("与本中继一致", "as on this trunk")),
        row(
          say("本设备的媒体地址", "Our media address"),
          `${facts.mediaAddress}, UDP ${facts.rtp}`,
          say("放行双向", "let through both ways"),
        ),
      ),
    },
    {
      title: say("号码", "Numbers"),
      rows: rows(
        row(
          say("送到本设备的被叫", "Numbers that come to us"),
          facts.numbers,
          say("按被叫号码找流程", "the dialled number finds the flow"),
        ),
        row(
          say("主叫号码", "Caller's number"),
          "From, P-Asserted-Identity, Remote-Party-ID",
          say("都能识别", "all are understood"),
        ),
      ),
    },
  ];
}
