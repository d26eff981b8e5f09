import { common } from "./common.ts";
import { conversation } from "./conversation.ts";
import { overview } from "./overview.ts";
import { session } from "./session.ts";
import { shell } from "./shell.ts";

export const en = { common, shell, session, overview, conversation };
