import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** Avaya Aura: Session Manager and Communication Manager, and the SBCE where one stands between. */
export function avayaSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  const protocol = transport.toUpperCase();
  return [
    {
      title: say("System Manager：SIP 实体与链路", "System Manager: SIP entity and link"),
      rows: rows(
        row(
          "Elements → Routing → SIP Entities → New → FQDN or IP Address",
          address,
          say("本设备的信令地址", "our signalling address"),
        ),
        row("… → Type", "SIP Trunk", say("本设备按中继接入，不是分机", "we are a trunk, not an extension")),
        row(
          "… → SIP Link Monitoring",
          "Link Monitoring Enabled, 60 s / 60 s, 1 retry",
          say(
            "Session Manager 用 OPTIONS 监视链路；本设备总会应答",
            "Session Manager watches the link by OPTIONS; we always answer",
          ),
        ),
        row("Entity Links → Protocol / Port", `${protocol} / ${port}`, say("两端必须一致", "both ends have to agree")),
        row(
          "Entity Links → Connection Policy",
          "trusted",
          say("否则 Session Manager 会要求鉴权", "else Session Manager challenges us"),
        ),
        transport === "tls"
          ? row(
              "Services → Security → Certificates",
              say("导入本设备证书的 CA", "import the CA of our certificate"),
              say("TLS 握手失败多半因为它", "a failing TLS handshake is mostly this"),
            )
          : null,
      ),
    },
    {
      title: say("System Manager：路由", "System Manager: routing"),
      rows: rows(
        row("Routing Policies → SIP Entity as Destination", trunk.name, say("指向上面的实体", "the entity above")),
        row("Dial Patterns → Pattern", facts.numbers, say("这些号码由本设备接听", "these numbers are answered here")),
        row(
          "Adaptations",
          say("不需要", "none needed"),
          say("PAI、Diversion、User-to-User 都能识别", "PAI, Diversion and User-to-User are understood"),
        ),
      ),
    },
    {
      title: "Communication Manager",
      rows: rows(
        row(
          "change ip-codec-set n → Audio Codec",
          facts.codecs,
          say("顺序相同可省去重新协商", "the same order saves a renegotiation"),
        ),
        row("change ip-codec-set n → Media Encryption", facts.srtp, say("与本中继一致", "as on this trunk")),
        row(
          "change signaling-group n → DTMF over IP",
          trunk.dtmf === "info" ? "out-of-band" : "rtp-payload",
          facts.dtmf,
        ),
        row(
          "change signaling-group n → Direct IP-IP Audio",
          "y",
          say("媒体改道用 re-INVITE，本设备支持", "media moves by re-INVITE, which we follow"),
        ),
        row(
          "change signaling-group n → Initial INVITE with SDP for secure calls",
          "y",
          say("没有 SDP 的 INVITE 也能接", "INVITEs without SDP are taken as well"),
        ),
        row(
          "change trunk-group n → Numbering Format",
          "public / private",
          say("决定主叫号码怎样送来", "decides how the caller's number comes"),
        ),
        row(
          "change trunk-group n → UUI Treatment",
          trunk.identity.userToUser === "pass" ? "shared" : "service-provider",
          say("随路数据", "data that goes with a call"),
        ),
        row(
          "change trunk-group n → Preferred Minimum Session Refresh Interval",
          String(trunk.session.minSeSeconds),
          facts.timers,
        ),
      ),
    },
    {
      title: say("SBCE（有的话）", "SBCE, where there is one"),
      rows: rows(
        row(
          "Services → SIP Servers → Add → IP Address / Port / Transport",
          `${address} / ${port} / ${protocol}`,
          say("本设备是 Trunk Server", "we are a Trunk Server"),
        ),
        row(
          "… → Heartbeat",
          "OPTIONS, 60 s",
          say("应答任何 500 以下的码都算正常", "any answer below 500 counts as alive"),
        ),
        row("Server Flows → End Point Policy Group", say("不改写编码", "leave codecs alone"), facts.codecs),
        row(
          "Topology Hiding → To / Request-Line",
          say("目的地址或保持原样", "destination IP, or leave as is"),
          say("本设备按被叫号码找流程", "the dialled number finds the flow"),
        ),
      ),
    },
  ];
}
