import type { Role } from "@intramuros/contracts/browser";

export type CaptureContents = "sip" | "rtcp" | "rtp";

/** What a role may take away; the appliance refuses the rest in any case. RTP is what was said. */
export function capturesFor(role: Role): readonly CaptureContents[] {
  switch (role) {
    case "administrator":
    case "auditor":
      return ["sip", "rtcp", "rtp"];
    case "telephony-engineer":
      return ["sip", "rtcp"];
    case "supervisor":
    case "agent":
      return [];
  }
}

export const capturePath = (sipCallId: string, include: CaptureContents): string =>
  `/api/calls/${encodeURIComponent(sipCallId)}/capture.pcap?include=${include}`;
