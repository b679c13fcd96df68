// Proves a linter, then runs it on the examples' documents.
//
// A linter that reports nothing may have checked nothing. So it first has to accept a document that is known to be
// good, and to report each of a few copies of it that have one defect.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BASELINE = "lint/green-baseline.json";

/**
 * `lint(file)` returns the reports as lines of text. `defects` maps what is wrong to a function that makes it so.
 */
export function main(name, lint, defects) {
  const [output, ...documents] = process.argv.slice(2);
  prove(name, lint, defects, join(output, "lint"));
  let reports = 0;
  for (const file of documents) {
    const lines = lint(file);
    for (const line of lines) console.error(`${file}: ${line}`);
    reports += lines.length;
  }
  if (reports > 0) {
    fail(`${name} has ${reports} reports on ${documents.length} documents. Change what the library writes, or the declaration in the example; the rules stay.`);
  }
  console.log(`${name} reports nothing on ${documents.length} documents`);
}

function prove(name, lint, defects, folder) {
  const reports = lint(BASELINE);
  if (reports.length > 0) {
    fail(`${name} reports on ${BASELINE}, which must be clean, so its reports on other documents mean nothing:\n${reports.join("\n")}`);
  }
  mkdirSync(folder, { recursive: true });
  for (const [defect, make] of Object.entries(defects)) {
    const document = JSON.parse(readFileSync(BASELINE, "utf8"));
    make(document);
    const file = join(folder, `${name}-defect.json`);
    writeFileSync(file, JSON.stringify(document));
    if (lint(file).length === 0) fail(`${name} reports nothing on a document with ${defect}: it does not check what it should`);
  }
  console.log(`${name} accepts the good document and reports ${Object.keys(defects).length} of ${Object.keys(defects).length} defects`);
}

/** Redocly's reports on a document, as lines of text. */
export function redocly(file) {
  const report = json("redocly", ["lint", file, "--config", "lint/redocly.yaml", "--format=json", "--max-problems=100000"]);
  return report.problems.map(({ ruleId, message, location }) => `${location[0]?.pointer ?? "#"}: ${ruleId}: ${message}`);
}

/** Spectral's reports on a document, as lines of text. */
export function spectral(file) {
  const reports = json("spectral", ["lint", file, "--ruleset", "lint/spectral.yaml", "--fail-severity=hint", "--format=json", "--quiet"]);
  return reports.map(({ code, path, message }) => `#/${path.join("/")}: ${code}: ${message}`);
}

/** Runs a program of the installed packages and returns the JSON it prints. */
function json(program, args) {
  const run = spawnSync(join("node_modules/.bin", program), args, { encoding: "utf8", maxBuffer: 1 << 28 });
  try {
    return JSON.parse(run.stdout);
  } catch {
    fail(`${program} ${args.join(" ")} printed no JSON (status ${run.status}):\n${run.error ?? ""}${run.stdout}${run.stderr}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
