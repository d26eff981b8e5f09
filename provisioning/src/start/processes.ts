import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, isLoopback } from "@intramuros/contracts";

/** The four processes of `ecosystem.config.cjs`, as the board asks after them. */
export interface HouseProcess {
  readonly name: "sip" | "inference" | "telephony" | "appliance";
  /** Where `/readyz` answers. */
  readonly healthHost: string;
  readonly healthPort: number;
  readonly secure: boolean;
}

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";
const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

export function houseProcesses(config: Config): readonly HouseProcess[] {
  const { consoleHost, consolePort } = config.appliance;
  const local = { healthHost: "127.0.0.1", secure: false };
  return [
    { name: "sip", ...local, healthPort: config.sip.healthPort },
    { name: "inference", ...local, healthPort: config.inference.healthPort },
    { name: "telephony", ...local, healthPort: config.telephony.healthPort },
    {
      name: "appliance",
      healthHost: isWildcard(consoleHost) ? "127.0.0.1" : consoleHost,
      healthPort: consolePort,
      secure: !isLoopback(consoleHost),
    },
  ];
}

export const healthUrl = (house: HouseProcess): string =>
  `${house.secure ? "https" : "http"}://${inUrl(house.healthHost)}:${house.healthPort}/readyz`;

/** Telephony first, while everybody who has to hear of the calls' end is still there; the SIP server last, for the BYEs. */
export const closingOrder: readonly HouseProcess["name"][] = ["telephony", "appliance", "inference", "sip"];

/** Where a person opens the console. */
export function consoleAddress(config: Config): string {
  const { consoleHost, consolePort } = config.appliance;
  return `${isLoopback(consoleHost) ? "http" : "https"}://${isWildcard(consoleHost) ? "localhost" : inUrl(consoleHost)}:${consolePort}/`;
}
