import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** FreePBX by its pages, and plain Asterisk by its file. */
export function freepbxSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  const registers = { peer: "None", register: "Receive", registrar: "Send" }[trunk.mode];
  const user = trunk.mode === "register" ? trunk.account.username : trunk.username;
  const authenticated = user !== "";
  const encryption = trunk.media.srtp === "off" ? "no" : "sdes";
  const allow = trunk.codecs.map((codec) => ({ PCMA: "alaw", PCMU: "ulaw", G722: "g722" })[codec]).join(",");
  const dtmf = { auto: "auto_info", rfc4733: "rfc4733", info: "info", inband: "inband" }[trunk.dtmf];
  return [
    {
      title: "FreePBX → Connectivity → Trunks → Add SIP (chan_pjsip) Trunk",
      rows: rows(
        row("General → Trunk Name", "intramuros", say("名字随意", "any name")),
        trunk.maxCalls > 0
          ? row("General → Maximum Channels", String(trunk.maxCalls), say("与本中继的上限一致", "this trunk's limit"))
          : null,
        row(
          "pjsip Settings → General → Authentication / Registration",
          `${authenticated ? "Both" : "None"} / ${registers}`,
          say("与本中继的方式一致", "as this trunk's mode"),
        ),
        authenticated
          ? row("… → Username", user, say("密码与本中继上填写的一致", "the password as entered on this trunk"))
          : null,
        row(
          "… → SIP Server / SIP Server Port",
          `${address} / ${port}`,
          say("本设备的信令地址", "our signalling address"),
        ),
        row("… → Transport", `0.0.0.0-${transport}`, say("两端必须一致", "both ends have to agree")),
        row(
          "Advanced → Qualify Frequency",
          "60",
          say("用 OPTIONS 探测；本设备总会应答", "asks by OPTIONS; we always answer"),
        ),
        row("Advanced → Match (Permit)", address, say("本设备的来电从这里认出", "our calls are known by it")),
        row("Advanced → Send RPID/PAI", "Send P-Asserted-Identity header", say("主叫号码", "the caller's number")),
        row("Advanced → DTMF Mode", dtmf === "auto_info" ? "Auto" : dtmf.toUpperCase(), facts.dtmf),
        row(
          "Advanced → Direct Media",
          "No",
          say("媒体改道不需要，NAT 后会单通", "not needed, and one-way audio behind NAT"),
        ),
        row("Advanced → Media Encryption", encryption === "no" ? "None" : "SRTP via in-SDP", facts.srtp),
        row("Codecs", facts.codecs, say("按此顺序", "in this order")),
      ),
    },
    {
      title: say("FreePBX：路由", "FreePBX: routes"),
      rows: rows(
        row(
          "Connectivity → Outbound Routes → Dial Patterns",
          facts.numbers,
          say("这些号码送到上面的中继", "these numbers go to the trunk above"),
        ),
        row(
          "Connectivity → Inbound Routes",
          say("本设备转人工时拨的分机", "the extensions that we ring"),
          say("转人工到坐席分机时需要", "for calls handed to people"),
        ),
        row(
          "Settings → Asterisk SIP Settings → External Address / Local Networks",
          say("有 NAT 时填写", "where NAT lies between"),
          say("否则单通", "else audio goes one way"),
        ),
      ),
    },
    {
      title: say("Asterisk：pjsip.conf", "Asterisk: pjsip.conf"),
      rows: rows(
        row(
          "[intramuros] type=aor",
          `contact=sip:${address}:${port}\\;transport=${transport}, qualify_frequency=60`,
          say("去向与探测", "where to, and asking whether it lives"),
        ),
        row(
          "[intramuros] type=endpoint",
          `aors=intramuros, disallow=all, allow=${allow}, dtmf_mode=${dtmf}, direct_media=no, rtp_symmetric=yes, media_encryption=${encryption}`,
          say("一行一项", "one to a line"),
        ),
        row(
          "[intramuros] type=identify",
          `endpoint=intramuros, match=${address}`,
          say("来电从这里认出", "our calls are known by it"),
        ),
        authenticated
          ? row(
              "[intramuros] type=auth",
              `auth_type=digest, username=${user}, password=…`,
              say("密码与本中继上填写的一致", "the password as entered on this trunk"),
            )
          : null,
        trunk.mode === "registrar"
          ? row(
              "[intramuros] type=registration",
              `server_uri=sip:${address}:${port}, client_uri=sip:${user}@${address}, outbound_auth=intramuros`,
              say("向本设备注册", "registers with us"),
            )
          : null,
      ),
    },
  ];
}
