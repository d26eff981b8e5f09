import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** Cisco Unified Communications Manager. */
export function cucmSections(facts: SheetFacts): readonly Section[] {
  const { say, trunk, transport, address, port } = facts;
  const tls = transport === "tls";
  return [
    {
      title: say("安全配置文件", "SIP trunk security profile"),
      rows: rows(
        row(
          "System → Security → SIP Trunk Security Profile → Device Security Mode",
          tls ? "Encrypted" : "Non Secure",
          say("与传输方式一致", "goes with the transport"),
        ),
        row(
          "… → Incoming / Outgoing Transport Type",
          tls ? "TLS / TLS" : transport === "tcp" ? "TCP+UDP / TCP" : "TCP+UDP / UDP",
          say("本中继用的是它", "what this trunk uses"),
        ),
        row("… → Incoming Port", tls ? "5061" : "5060", say("本设备送呼叫到这里", "where our calls go")),
        tls
          ? row(
              "… → X.509 Subject Name",
              say("本设备证书的 CN", "CN of our certificate"),
              say("不一致会被拒", "anything else is refused"),
            )
          : null,
        trunk.username === ""
          ? null
          : row(
              "… → Enable Digest Authentication",
              say("勾选", "checked"),
              say("另设 Application User 与 SIP Realm", "with an application user and a SIP realm"),
            ),
      ),
    },
    {
      title: say("SIP 配置文件", "SIP profile"),
      rows: rows(
        row(
          "Device → Device Settings → SIP Profile → Enable OPTIONS Ping",
          say("勾选；在线 60 s，离线 120 s", "checked; in service 60 s, out of service 120 s"),
          say("本设备总会应答 OPTIONS", "we always answer OPTIONS"),
        ),
        row(
          "… → SIP Rel1XX Options",
          trunk.session.prack === "off" ? "Disabled" : "Send PRACK if 1xx Contains SDP",
          `PRACK: ${trunk.session.prack}`,
        ),
        row(
          "… → Early Offer support for voice and video calls",
          "Best Effort (no MTP inserted)",
          say("迟发 SDP 也能接", "late offers are taken as well"),
        ),
        row("… → Session Refresh Method", trunk.session.refreshMethod === "update" ? "Update" : "Invite", facts.timers),
        row(
          "System → Service Parameters → SIP Session Expires Timer",
          String(trunk.session.expiresSeconds),
          say("两边取较小的", "the smaller of the two holds"),
        ),
      ),
    },
    {
      title: say("中继", "Trunk"),
      rows: rows(
        row("Device → Trunk → Add New → Trunk Type / Protocol", "SIP Trunk / SIP", ""),
        row(
          "… → Destination Address / Port",
          `${address} / ${port}`,
          say("本设备的信令地址", "our signalling address"),
        ),
        row(
          "… → Media Termination Point Required",
          say("不勾选", "unchecked"),
          say("不需要转接媒体", "media needs no detour"),
        ),
        row("… → DTMF Signaling Method", trunk.dtmf === "info" ? "No Preference" : "RFC 2833", facts.dtmf),
        row(
          "… → SRTP Allowed",
          trunk.media.srtp === "off" ? say("不勾选", "unchecked") : say("勾选", "checked"),
          facts.srtp,
        ),
        row(
          "… → Calling and Connected Party Info Format",
          "Deliver DN only in connected party",
          say("主叫号码从 PAI/RPID/From 都能读到", "the caller is read from PAI, RPID or From"),
        ),
        row(
          "… → Redirecting Diversion Header Delivery – Outbound",
          trunk.identity.diversion === "pass" ? say("勾选", "checked") : say("不勾选", "unchecked"),
          say("转移来的呼叫带上原被叫", "tells who was called before a diversion"),
        ),
        row(
          "Region Relationships → Max Audio Bit Rate",
          trunk.codecs.includes("G722") ? "64 kbps (G.722, G.711)" : "64 kbps (G.711)",
          facts.codecs,
        ),
      ),
    },
    {
      title: say("路由", "Routing"),
      rows: rows(
        row(
          "Call Routing → Route/Hunt → Route Pattern",
          facts.numbers,
          say("指向上面的中继", "leads to the trunk above"),
        ),
        row(
          "… → Calling Search Space / Partition",
          say("主叫能到达的分区", "a partition that callers reach"),
          say("否则听到忙音", "else callers hear a busy tone"),
        ),
        row("… → Provide Outside Dial Tone", say("不勾选", "unchecked"), ""),
      ),
    },
  ];
}
