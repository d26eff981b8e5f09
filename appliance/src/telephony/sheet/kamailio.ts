import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** Kamailio, or another proxy, in front of us. */
export function kamailioSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  const uri = `sip:${address}:${port};transport=${transport}`;
  return [
    {
      title: say("去向（dispatcher）", "Where calls go (dispatcher)"),
      rows: rows(
        row(
          "dispatcher.list",
          `1 ${uri} 0 0`,
          say("一组一行；多台设备各写一行", "one line for each; several machines, several lines"),
        ),
        row('modparam("dispatcher", "ds_ping_method", …)', "OPTIONS", say("本设备总会应答", "we always answer")),
        row('modparam("dispatcher", "ds_ping_interval", …)', "30", say("秒", "seconds")),
        row(
          'modparam("dispatcher", "ds_ping_reply_codes", …)',
          "class=2;code=404;code=405",
          say("应答即为在线", "an answer means alive"),
        ),
        row(
          say("路由块", "routing block"),
          `ds_select_dst("1", "4"); t_relay();`,
          say("4：轮转；失败时 ds_next_dst()", "4: round robin; ds_next_dst() on failure"),
        ),
        row(say("号码判断", "number test"), facts.numbers, say("这些被叫送到本设备", "these numbers come to us")),
      ),
    },
    {
      title: say("来自本设备的呼叫", "Calls from us"),
      rows: rows(
        row("permissions: address", `1 ${address} 32 ${port}`, say("按地址信任", "trusted by address")),
        trunk.mode === "register"
          ? row(
              "auth_db / subscriber",
              trunk.account.username,
              say("密码与本中继上填写的一致", "the password as entered on this trunk"),
            )
          : null,
        row(
          "record_route()",
          say("保留", "keep"),
          say(
            "通话中的请求必须按整个路由集返回，本设备照办",
            "requests within a call follow the whole route set, and we do",
          ),
        ),
        row(
          "rtpengine / nathelper",
          say("同一网段不需要", "not needed within one network"),
          say("需要时双方都走它", "where it is, both sides go through it"),
        ),
      ),
    },
    {
      title: say("媒体与会话", "Media and sessions"),
      rows: rows(
        row(
          say("编码（不要删改）", "codecs (leave alone)"),
          facts.codecs,
          say("代理不碰 SDP", "a proxy does not touch SDP"),
        ),
        row("DTMF", facts.dtmf, ""),
        row("SRTP", facts.srtp, ""),
        row(
          say("会话定时器", "session timers"),
          facts.timers,
          say("代理可用 sst 模块提高下限", "a proxy may raise the minimum by sst"),
        ),
        transport === "tls"
          ? row(
              "tls.cfg → verify_certificate / ca_list",
              say("本设备证书的 CA", "CA of our certificate"),
              say("TLS 1.2 或 1.3", "TLS 1.2 or 1.3"),
            )
          : null,
      ),
    },
  ];
}
