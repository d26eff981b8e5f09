import type { Logger } from "@intramuros/contracts";
import type { TappedReport } from "../rtp/packet-tap.ts";
import { parseRtcp } from "../rtp/rtcp-packet.ts";
import { type HepTarget, openHepExporter } from "./hep-driver.ts";
import { rtcpJson } from "./rtcp-json.ts";

/** RTCP of all legs to the collector, as reports under the leg's Call-ID. Null: there is no collector. */
export function openRtcpExport(
  target: HepTarget,
  log: Logger,
): { readonly report: (sipCallId: string, packet: TappedReport) => void; close(): void } | null {
  if (target.host === "") return null;
  const exporter = openHepExporter(target, log);
  return {
    report(callId, packet) {
      exporter.push(() => {
        const read = parseRtcp(packet.data);
        const json = "reason" in read ? null : rtcpJson(read);
        if (json === null) return null;
        return { ...packet, transport: "udp", payload: "rtcp", data: Buffer.from(json), callId };
      });
    },
    close: exporter.close,
  };
}
