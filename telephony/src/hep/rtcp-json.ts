import type { ReportBlock, RtcpPacket } from "../rtp/rtcp-packet.ts";

/** Reports of RTCP in the JSON that Homer takes as payload type 5; null: there is no report in the packet. */
export function rtcpJson(packets: readonly RtcpPacket[]): string | null {
  const report = packets.find((packet) => packet.type === "sender-report" || packet.type === "receiver-report");
  if (report === undefined) return null;
  const blocks = report.blocks.map((block) => blockOf(block));
  const common = { ssrc: report.ssrc, report_count: blocks.length, report_blocks: blocks };
  if (report.type === "receiver-report") return JSON.stringify({ type: 201, ...common });
  return JSON.stringify({
    type: 200,
    ...common,
    sender_information: {
      ntp_timestamp_sec: report.ntpSeconds,
      ntp_timestamp_usec: Math.floor((report.ntpFraction / 2 ** 32) * 1e6),
      rtp_timestamp: report.rtpTimestampTicks,
      packets: report.packetCount,
      octets: report.octetCount,
    },
  });
}

const blockOf = (block: ReportBlock) => ({
  source_ssrc: block.ssrc,
  fraction_lost: block.fractionLost,
  packets_lost: block.cumulativeLost,
  highest_seq_no: block.highestSequence,
  ia_jitter: block.jitterTicks,
  lsr: block.lastSenderReport,
  dlsr: block.delaySinceLastSenderReport,
});
