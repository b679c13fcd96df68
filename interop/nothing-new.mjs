// A document of another project, before and after webhooks joined it: the linters report nothing that they did not before.
//
// Arguments are the folder for what is generated (not used here) and folders that hold `before.json` and `after.json`.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { redocly, spectral } from "./linter.mjs";

const [, ...folders] = process.argv.slice(2);
let news = 0;
for (const folder of folders) {
  const [before, after] = ["before.json", "after.json"].map((name) => join(folder, name));
  if (!existsSync(before) || !existsSync(after)) throw new Error(`${folder} holds no before.json and after.json`);
  for (const [name, lint] of Object.entries({ redocly, spectral })) {
    const known = lint(before).map(withoutIndex);
    const fresh = lint(after).filter((line) => !known.includes(withoutIndex(line)));
    for (const line of fresh) console.error(`${after}: ${name}: ${line}`);
    news += fresh.length;
    console.log(`${folder}: ${name} has ${known.length} reports before and ${fresh.length} new ones after`);
  }
}
if (news > 0) process.exit(1);

/** Declared tags move when others are declared before them. */
function withoutIndex(line) {
  return line.replace(/^#\/(tags|servers)\/\d+/, "#/$1");
}
