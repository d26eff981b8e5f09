import { row, rows, type Section, type SheetFacts } from "./sheet-facts.ts";

/** What the firewall between the two has to let through, in both directions. */
export function firewallSection(facts: SheetFacts): Section {
  const { say, transport, address, port } = facts;
  const protocol = transport === "tls" ? "TCP (TLS)" : transport.toUpperCase();
  return {
    title: say("防火墙", "Firewall"),
    rows: rows(
      row(
        say("信令，双向", "Signalling, both ways"),
        `${protocol} ${address}:${port}`,
        facts.listening
          ? say("呼叫与 OPTIONS 探测", "calls and OPTIONS")
          : say(
              `注意：本设备目前没有监听 ${transport}，请在 config.json 的 sip.listen 里加上 ${transport}:auto:${port}`,
              `note: nothing here listens on ${transport} yet; add ${transport}:auto:${port} to sip.listen in config.json`,
            ),
      ),
      row(
        say("媒体，双向", "Media, both ways"),
        `UDP ${facts.mediaAddress} ${facts.rtp}`,
        say(
          "偶数端口是语音（RTP），加一是 RTCP；少一个方向就是单通",
          "even ports carry audio (RTP), the one above its RTCP; one direction missing is one-way audio",
        ),
      ),
      row(
        say("SIP ALG / 应用层网关", "SIP ALG / inspection"),
        say("关闭", "off"),
        say(
          "它改写 SIP 与 SDP，是呼叫半途而废的常见原因",
          "it rewrites SIP and SDP, a common reason for calls that fail half way",
        ),
      ),
    ),
  };
}

/** The account of a trunk that registers, whichever way. Passwords are on nobody's paper. */
export function accountSection(facts: SheetFacts): Section | null {
  const { say, trunk } = facts;
  if (trunk.mode === "register") {
    return {
      title: say("本设备向对方注册的账号", "The account by which we register"),
      rows: rows(
        row(
          say("用户名", "User name"),
          trunk.account.username,
          say("在对方建立同名分机或中继账号", "make an extension or trunk account of this name"),
        ),
        trunk.account.authUsername === ""
          ? null
          : row(
              say("鉴权用户名", "Authentication name"),
              trunk.account.authUsername,
              say("与用户名不同", "differs from the user name"),
            ),
        row(
          say("密码", "Password"),
          say("（与本设备中继上填写的一致）", "(as entered on this trunk)"),
          say("不印在纸上", "not printed"),
        ),
        row(
          say("注册有效期", "Registration expires"),
          `${trunk.account.expiresSeconds} s`,
          say(
            "本设备在到期前刷新；对方给得更短就按更短的",
            "we refresh in time; a shorter time of the PBX is followed",
          ),
        ),
      ),
    };
  }
  if (trunk.mode !== "registrar" && trunk.username === "") return null;
  return {
    title: say("对方使用的账号", "The account that the PBX uses"),
    rows: rows(
      trunk.mode === "registrar"
        ? row(
            say("注册服务器", "Registrar"),
            `${facts.address}:${facts.port};transport=${facts.transport}`,
            say("对方向这里注册", "the PBX registers here"),
          )
        : null,
      row(say("用户名", "User name"), trunk.username, say("SIP 鉴权（MD5 或 SHA-256）", "digest (MD5 or SHA-256)")),
      row(
        say("密码", "Password"),
        say("（与本设备中继上填写的一致）", "(as entered on this trunk)"),
        say("不印在纸上", "not printed"),
      ),
    ),
  };
}

/** How to see that it works, from either side. */
export function trialSection(facts: SheetFacts): Section {
  const { say } = facts;
  return {
    title: say("试通", "Trying it"),
    rows: rows(
      row(
        say("从对方", "From the PBX"),
        say(`拨 ${facts.numbers}`, `call ${facts.numbers}`),
        say("听到问候语；双方都能听见", "the greeting is heard, and both sides hear each other"),
      ),
      row(
        say("从本设备", "From here"),
        say("中继 → 体检", "trunk → doctor"),
        say(
          "逐项试连接、注册、编码、按键、保持，并说明要改什么",
          "tries connection, registration, codecs, keys and hold one by one, and says what to change",
        ),
      ),
    ),
  };
}
