import type { TrunkSheet, TrunkTemplate } from "@intramuros/contracts";
import type { StoredTrunk } from "../setup.ts";
import { avayaSections } from "./avaya.ts";
import { accountSection, firewallSection, trialSection } from "./common-sections.ts";
import { cucmSections } from "./cucm.ts";
import { freepbxSections } from "./freepbx.ts";
import { genericSections } from "./generic.ts";
import { huaweiSections } from "./huawei.ts";
import { kamailioSections } from "./kamailio.ts";
import { type Section, type SheetFacts, type SheetSite, sheetFacts } from "./sheet-facts.ts";

const SECTIONS: Readonly<Record<TrunkTemplate, (facts: SheetFacts) => readonly Section[]>> = {
  generic: genericSections,
  avaya: avayaSections,
  cucm: cucmSections,
  huawei: huaweiSections,
  freepbx: freepbxSections,
  kamailio: kamailioSections,
};
const MAKERS: Readonly<Record<TrunkTemplate, string>> = {
  generic: "SIP",
  avaya: "Avaya Aura",
  cucm: "Cisco CUCM",
  huawei: "Huawei",
  freepbx: "FreePBX / Asterisk",
  kamailio: "Kamailio",
};

/** What to enter on the other side so that this trunk works: made to be printed and carried to whoever runs the PBX. */
export function trunkSheet(trunk: StoredTrunk, site: SheetSite): TrunkSheet {
  const facts = sheetFacts(trunk, site);
  const account = accountSection(facts);
  return {
    template: site.template,
    title: `${trunk.name} · ${MAKERS[site.template]}`,
    sections: [
      ...SECTIONS[site.template](facts),
      ...(account === null ? [] : [account]),
      firewallSection(facts),
      trialSection(facts),
    ],
  };
}
