import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { addressOf, NUMBERS, type Place } from "./place.ts";

/** A copy of the package's tests whose parties lie at the addresses of a place. */
export interface SuiteCopy {
  readonly folder: string;
  /** Called parties that must run: SIPp scenario and address. */
  readonly called: readonly { readonly scenario: string; readonly address: string }[];
}

const root = path.resolve(import.meta.dirname, "../..");
export const PACKAGE = path.join(root, "node_modules/drachtio-srf");

/** Makes the copy below `.cache`, from where the package's scripts find their modules. */
export function copySuite(name: string, place: Place): SuiteCopy {
  const folder = path.join(root, ".cache/conformance", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The scripts require the package by `../..` of their folder.
  for (const part of ["lib", "package.json", "config"]) symlinkSync(path.join(PACKAGE, part), path.join(folder, part));
  const tests = path.join(folder, "test");
  cpSync(path.join(PACKAGE, "test"), tests, { recursive: true });
  cpSync(path.join(import.meta.dirname, "local-sipp.cjs"), path.join(tests, "sipp.js"));

  const parties = readParties(path.join(tests, "docker-compose-testbed.yaml"));
  const addresses = new Map(parties.map((party) => [party.name, addressOf(place, party.number)]));
  for (const part of ["", "scripts", "scenarios"]) {
    for (const file of readdirSync(path.join(tests, part), { withFileTypes: true })) {
      if (!file.isFile() || !/\.(js|xml)$/.test(file.name) || file.name === "sipp.js") continue;
      const at = path.join(tests, part, file.name);
      const text = readFileSync(at, "utf8");
      const moved = file.name.endsWith(".xml") ? soundXml(text) : namesMoved(text, addresses, place);
      writeFileSync(at, numbersMoved(moved, place));
    }
  }
  const called = parties.flatMap(({ scenario, number }) =>
    scenario === null ? [] : [{ scenario, address: addressOf(place, number) }],
  );
  return { folder, called };
}

interface Party {
  readonly name: string;
  readonly number: number;
  readonly scenario: string | null;
}

/** The services of the package's compose file, of which three lines matter to us. */
function readParties(file: string): readonly Party[] {
  const services = readFileSync(file, "utf8").split(/\n(?= {2}\S)/);
  return services.flatMap((service) => {
    const name = /container_name: (\S+)/.exec(service)?.[1];
    const number = /ipv4_address: 172\.29\.0\.(\d+)/.exec(service)?.[1];
    const scenario = /command: sipp -sf \/tmp\/(\S+)/.exec(service)?.[1] ?? null;
    return name === undefined || number === undefined ? [] : [{ name, number: Number(number), scenario }];
  });
}

/** Names of containers, where they stand as a host; one that no service has is started by a test itself. */
const namesMoved = (text: string, addresses: ReadonlyMap<string, string>, place: Place): string =>
  text.replace(
    /(?<=['":])sipp-uas[a-z0-9-]*(?=['":;])/g,
    (name) => addresses.get(name) ?? addressOf(place, NUMBERS.spare),
  );

const numbersMoved = (text: string, place: Place): string =>
  text.replace(/172\.29\.0\.(\d+)/g, (_, number: string) => addressOf(place, Number(number)));

/** Debian's SIPp reads XML strictly: a `<` in an attribute must be written as an entity. */
const soundXml = (text: string): string =>
  text.replace(/regexp="([^"]*)"/g, (_, value: string) => `regexp="${value.replaceAll("<", "&lt;")}"`);
