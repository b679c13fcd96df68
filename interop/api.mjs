// Clients that are generated from the document of a running API: they compile, and do what a customer does. `whole` is
// the document of the application that mounts it.

import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { folder, run } from "./typescript.mjs";
import { hooks } from "./hooks.mjs";
import { zapier } from "./zapier.mjs";

const [output, url, token, webhooks, whole] = process.argv.slice(2);
const base = `${url}/webhooks`;
const answer = await fetch(`${base}/openapi.json`);
if (!answer.ok) throw new Error(`${base}/openapi.json answered ${answer.status}`);
const api = folder(output, "api", "running/openapi.json");
const document = join(api, "openapi.json");
writeFileSync(document, await answer.text());

await generated("openapi-typescript", "api/openapi-fetch.ts", (path) =>
  run("openapi-typescript", [document, "--output", join(path, "document.d.ts")]),
);
await generated("hey-api", "api/hey-api.ts", (path) =>
  run("openapi-ts", [
    ...["--input", document, "--output", join(path, "client"), "--no-log-file"],
    ...["--plugins", "@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"],
  ]),
);
await zapier(output, webhooks, whole, base, token);
await hooks(base, token);

/** Generates a client, compiles the program that uses it, and runs that against the API. */
async function generated(generator, program, generate) {
  const path = folder(output, `api-${generator}`, "running/openapi.json");
  generate(path);
  symlinkSync(resolve("node_modules"), join(path, "node_modules"));
  writeFileSync(join(path, "use.ts"), readFileSync(program, "utf8"));
  const compilerOptions = {
    ...{ outDir: "built", rootDir: ".", strict: true, target: "es2022", module: "esnext", moduleResolution: "bundler" },
    ...{ lib: ["es2022", "dom", "dom.iterable"], types: [], skipLibCheck: true },
  };
  const project = join(path, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  writeFileSync(join(path, "package.json"), JSON.stringify({ type: "module" }));
  run("tsc", ["--project", project]);
  run("esbuild", [join(path, "built/use.js"), "--bundle", "--format=esm", "--platform=node", `--outfile=${join(path, "use.mjs")}`]);
  const { use } = await import(resolve(path, "use.mjs"));
  await use(base, token);
  console.log(`${generator}: its client makes, reads, changes and removes a subscription`);
}
