// The command `webhooks` on real documents: two versions of GitHub's webhooks. What it says of their events, and of
// those that came and went, must be what this script finds by itself; whether a schema change breaks is for its tests.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { read, webhooks } from "./document.mjs";

const [program] = process.argv.slice(2);
const locate = createRequire(import.meta.url).resolve;
const OLD = locate("octokit-openapi-webhooks-11/generated/api.github.com.json");
const NEW = locate("@octokit/openapi-webhooks/generated/api.github.com.json");
const DOCUMENTS = { [OLD]: read(OLD), [NEW]: read(NEW) };
const findings = [];

for (const file of [OLD, NEW]) {
  const listed = run(0, "events", file, "--json").map(({ event, method }) => `${method} ${event}`);
  same(`the events of ${file}`, listed, titles(file));
}
const { changes, breaking } = run(1, "diff", OLD, NEW, "--json");
const named = (rule) => changes.filter((change) => change.rule === rule).flatMap(({ events }) => events);
same("the events that came", named("event-added"), names(NEW).filter((name) => !names(OLD).includes(name)));
same("the events that went", named("event-removed"), names(OLD).filter((name) => !names(NEW).includes(name)));
check(breaking > 0 && changes.some(({ rule }) => rule === "property-removed"), "a property that is gone is not found");
for (const { rule, document, pointer, events } of changes) {
  check(at(document === "old" ? OLD : NEW, pointer) !== undefined, `${rule}: there is nothing at ${pointer} of the ${document} document`);
  check(events.length > 0, `${rule} at ${pointer} concerns no event`);
}
const { changes: none } = run(0, "diff", NEW, NEW, "--json");
check(none.length === 0, "a document differs from itself");
const { findings: broken } = run(1, "lint", NEW, "--json");
check(broken.some(({ rule, pointer }) => rule === "paths-missing" && pointer === "/paths"), "the missing `paths` are not found");

if (findings.length > 0) {
  for (const finding of findings) console.error(`webhooks: ${finding}`);
  process.exit(1);
}
console.log(`webhooks: ${changes.length} changes of GitHub's webhooks, ${breaking} of them breaking, each with its place and events`);

/** What the command prints, as JSON; it must end with this exit code. */
function run(code, ...words) {
  let output;
  let ended = 0;
  try {
    output = execFileSync(program, words, { maxBuffer: 1 << 28, encoding: "utf8" });
  } catch (error) {
    if (typeof error.status !== "number" || !error.stdout) throw error;
    [output, ended] = [error.stdout, error.status];
  }
  check(ended === code, `\`${words[0]}\` ended with ${ended}, not ${code}`);
  return JSON.parse(output);
}

function titles(file) {
  return webhooks(DOCUMENTS[file]).map(({ event, method }) => `${method.toUpperCase()} ${event}`);
}

function names(file) {
  return Object.keys(DOCUMENTS[file].webhooks);
}

/** The value at a JSON pointer. */
function at(file, pointer) {
  const keys = pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce((value, key) => value?.[key], DOCUMENTS[file]);
}

function same(what, found, expected) {
  const [left, right] = [found, expected].map((list) => [...new Set(list)].sort().join("\n"));
  check(left === right, `${what} are reported differently from what they are:\n${left}\n--- expected\n${right}`);
}

function check(holds, finding) {
  if (!holds) findings.push(finding);
}
