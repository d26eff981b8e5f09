import { homeRoot, openHome } from "@intramuros/contracts";
import { drawBoard } from "./board.ts";
import { collectFacts } from "./facts-client.ts";

/** `npm run status`: the board once. Exit code 0 when everything is ready. */
const facts = await collectFacts(openHome(homeRoot()), null);
console.log(drawBoard(facts).join("\n"));
process.exit(facts.health.every((process) => process.ready) ? 0 : 1);
