// The code with which the documentation page shows how to verify a request, run as the page has it: on requests that the
// library of Standard Webhooks has signed, and on the same with one thing changed. Rust's is run by `cargo test`.
//
// Node and Python are always there. The other languages are run where their compiler or interpreter is installed; the
// last line names those that were not.
//
// `node recipes.mjs PYTHON FOLDER`

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";

const ASSETS = new URL("../webhooks-core/src/page/assets/", import.meta.url);
const DRIVERS = new URL("recipes/", import.meta.url);
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY = JSON.stringify({ type: "user.created", data: { name: "Grüße, 世界" } });
const [python, folder] = process.argv.slice(2);

const good = signed(SECRET, new Date());
const CASES = {
  "as it was sent": [true, SECRET, good, BODY],
  "one signature among others": [true, SECRET, { ...good, "webhook-signature": `v1a,x ${good["webhook-signature"]} v1,eHg=` }, BODY],
  "with another body": [false, SECRET, good, `${BODY} `],
  "with another secret": [false, OTHER, good, BODY],
  "with another id": [false, SECRET, { ...good, "webhook-id": "msg_2" }, BODY],
  "from six minutes ago": [false, SECRET, signed(SECRET, new Date(Date.now() - 360_000)), BODY],
  "from the future": [false, SECRET, signed(SECRET, new Date(Date.now() + 360_000)), BODY],
  "without a signature": [false, SECRET, { ...good, "webhook-signature": "" }, BODY],
  "without headers": [false, SECRET, {}, BODY],
  "with a time that is not a number": [false, SECRET, { ...good, "webhook-timestamp": "now" }, BODY],
};
const cases = Object.values(CASES);

// What the drivers of compiled languages read without a JSON parser: a line for each case, its fields in Base64.
const LINES = cases
  .map(([, secret, headers, body]) => [secret, ...["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => headers[name]), body])
  .map((fields) => fields.map((field) => (field === undefined ? "-" : Buffer.from(field).toString("base64") || "=")).join("\t"))
  .join("\n");

const { verify } = await import(`data:text/javascript,${encodeURIComponent(asset("verify.mjs.txt"))}`);
const recipes = {
  "Node.js": cases.map(([, secret, headers, body]) => verify(secret, headers, Buffer.from(body))),
  Python: run(python, [file("python", "recipe.py", asset("verify.py.txt") + driver("driver.py"))]),
};
const LANGUAGES = [
  ["Go", "go", () => {
    file("go", "verify.go", asset("verify.go.txt").replace("package webhooks", "package main"));
    file("go", "main.go", driver("driver.go"));
    file("go", "go.mod", "module recipe\n");
    return run("go", ["run", "."], "go");
  }],
  ["PHP", "php", () => run("php", [file("php", "recipe.php", asset("verify.php.txt") + driver("driver.php"))])],
  ["Ruby", "ruby", () => run("ruby", [file("ruby", "recipe.rb", asset("verify.rb.txt") + driver("driver.rb"))])],
  ["Java", "javac", () => {
    const source = asset("verify.java.txt");
    file("java", "Webhooks.java", source);
    file("java", "Driver.java", driver("Driver.java"));
    execFileSync("javac", ["Webhooks.java", "Driver.java"], { cwd: join(folder, "java") });
    return run("java", ["-cp", ".", "Driver"], "java");
  }],
  ["C#", "mcs", () => {
    file("cs", "Webhooks.cs", asset("verify.cs.txt"));
    file("cs", "Driver.cs", driver("Driver.cs"));
    execFileSync("mcs", ["-out:recipe.exe", "Webhooks.cs", "Driver.cs"], { cwd: join(folder, "cs") });
    return run("mono", ["recipe.exe"], "cs");
  }],
];
const absent = [];
for (const [language, program, answers] of LANGUAGES) {
  if (installed(program)) recipes[language] = answers();
  else absent.push(`${language} (${program})`);
}

const findings = Object.entries(recipes).flatMap(([language, answers]) =>
  Object.entries(CASES)
    .filter(([, [expected]], index) => answers[index] !== expected)
    .map(([title, [expected]]) => `${language}: a request ${title} is ${expected ? "refused" : "accepted"}`),
);
if (findings.length > 0) {
  for (const finding of findings) console.error(finding);
  process.exit(1);
}
console.log(`the recipes for ${Object.keys(recipes).join(", ")} judge ${cases.length} requests as they should`);
if (absent.length > 0) console.log(`not run, because this machine has no compiler or interpreter: ${absent.join(", ")}`);

function asset(name) {
  return readFileSync(new URL(name, ASSETS), "utf8");
}

function driver(name) {
  return readFileSync(new URL(name, DRIVERS), "utf8");
}

/** Writes a file into the folder of a language. */
function file(language, name, text) {
  mkdirSync(join(folder, language), { recursive: true });
  const path = join(folder, language, name);
  writeFileSync(path, text);
  return path;
}

/** What a recipe answers to each case, one `true` or `false` a line. */
function run(program, programArguments, language = ".") {
  const output = execFileSync(program, programArguments, { cwd: join(folder, language), input: LINES, encoding: "utf8" });
  return output.trim().split("\n").map((line) => line.trim().toLowerCase() === "true");
}

function installed(program) {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

function signed(secret, at) {
  const id = "msg_1";
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, BODY),
  };
}
