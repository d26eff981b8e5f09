import { alarms } from "./alarms.ts";
import { calls } from "./calls.ts";
import { common } from "./common.ts";
import { conversation } from "./conversation.ts";
import { callbacks, customers } from "./customers.ts";
import { faults } from "./faults.ts";
import { knowledge, policy } from "./knowledge.ts";
import { overview } from "./overview.ts";
import { session } from "./session.ts";
import { shell } from "./shell.ts";
import { models, system } from "./system.ts";
import { commissioning, telephony } from "./telephony.ts";
import { calendars, trunk } from "./trunk.ts";
import { about, audit } from "./trust.ts";

export const en = {
  common,
  shell,
  session,
  overview,
  conversation,
  customers,
  callbacks,
  knowledge,
  policy,
  telephony,
  trunk,
  calendars,
  calls,
  commissioning,
  models,
  system,
  audit,
  about,
  alarms,
  faults,
};
