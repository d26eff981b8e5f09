import {
  switchTemplate,
  TRUNK_TEMPLATES,
  TrunkInputSchema,
  templateForm,
  trunkInput,
} from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { fieldFaults } from "../../../shared/form/field-faults.ts";
import { trunk as en } from "../../../shared/i18n/en/trunk.ts";
import { trunk as zh } from "../../../shared/i18n/zh/trunk.ts";
import { ALL_FIELDS, cleanTrunk, fieldOf, limitsOf, SECTIONS, sectionOf } from "./trunk-fields.ts";

type Node = { readonly properties?: Readonly<Record<string, Node>> };
const leaves = (schema: Node, prefix = ""): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, below]) =>
    below.properties === undefined ? [prefix + name] : leaves(below, `${prefix}${name}.`),
  );
const wordAt = (tree: unknown, path: string): unknown =>
  path.split(".").reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], tree);

test("every field of the contract stands in the form once, but the template, which is chosen before it", () => {
  const shown = ALL_FIELDS.map((field) => field.path).sort();
  expect(shown).toEqual(
    leaves(TrunkInputSchema as unknown as Node)
      .filter((path) => path !== "template")
      .sort(),
  );
});

test("each field has its words and each choice its own, in both languages", () => {
  for (const language of [zh, en]) {
    for (const { path, kind } of ALL_FIELDS) {
      expect(wordAt(language.field, path), `field.${path}`).toBeTypeOf("string");
      if (kind !== "choice") continue;
      for (const value of limitsOf(path).choices ?? []) {
        const words = wordAt(language.option, `${path}.${value}`) ?? (/^[A-Z0-9]/.test(String(value)) ? "" : undefined);
        expect(words, `option.${path}.${value}`).toBeTypeOf("string");
      }
    }
    for (const { key } of SECTIONS) expect(wordAt(language.section, key), `section.${key}`).toBeTypeOf("string");
    for (const each of TRUNK_TEMPLATES) expect(wordAt(language.template, each), each).toBeTypeOf("string");
  }
});

test("a path of the appliance leads to the field and the section that shows it", () => {
  expect([fieldOf("peers.0.host"), sectionOf("peers.0.host")]).toEqual(["peers", null]);
  expect([fieldOf("media.srtp"), sectionOf("media.srtp")]).toEqual(["media.srtp", "media"]);
  expect(sectionOf("numbering.outbound.2.strip")).toBe("numbering");
  expect([fieldOf("session"), fieldOf("nothing")]).toEqual(["session.timers", null]);
});

test("rows that were left empty are not sent, and what is pasted loses its ends but passwords do not", () => {
  const peer = { host: " 10.0.0.5 ", port: 0, transport: "udp", priority: 0, weight: 1 } as const;
  const form = trunkInput({ name: " PBX ", peers: [peer], account: { password: " a b " } });
  const clean = cleanTrunk({ ...form, peers: [...form.peers, { ...peer, host: " " }] });
  expect([clean.name, clean.peers.map((each) => each.host), clean.account.password]).toEqual([
    "PBX",
    ["10.0.0.5"],
    " a b ",
  ]);
});

test("a template fills what nobody changed and leaves what somebody did", () => {
  const begun = { ...templateForm("generic"), name: "总行", dtmf: "info" as const };
  const avaya = switchTemplate(begun, "avaya");
  expect([avaya.template, avaya.name, avaya.dtmf, avaya.media.dtmfPayloadType]).toEqual(["avaya", "总行", "info", 127]);
  const back = switchTemplate(avaya, "generic");
  expect(back).toEqual(begun);
  for (const template of TRUNK_TEMPLATES) expect(fieldFaults(TrunkInputSchema, templateForm(template))).toEqual([]);
});
