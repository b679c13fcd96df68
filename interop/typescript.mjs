// Compiles generated TypeScript together with a file that uses it.

import { rmSync, mkdirSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";

/** An empty folder for what is generated from a document; examples differ by their folder's name. */
export function folder(output, generator, document) {
  const path = join(output, generator, basename(dirname(document)));
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

/** Fails if `expression` is the type any, unknown or never: a generator that lost the payload writes one of them. */
export function assertType(expression) {
  return `known<${expression}>();\n`;
}

/** Writes `use.ts` from the imports and assertions and compiles the whole folder, declarations included. */
export function compile(path, imports, assertions) {
  const file = join(path, "use.ts");
  writeFileSync(
    file,
    `${imports}
type Known<T> = [T] extends [never] ? "lost" : unknown extends T ? "lost" : "known";
declare function known<T>(...lost: Known<T> extends "known" ? [] : ["the payload has no type"]): void;
${assertions.join("")}`,
  );
  const compilerOptions = { noEmit: true, strict: true, target: "es2022", module: "esnext", moduleResolution: "bundler", types: [] };
  const project = join(path, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  run("tsc", ["--project", project]);
}

/** Runs a program of the installed packages; what it prints is shown only when it fails. */
export function run(program, args) {
  const done = spawnSync(join("node_modules/.bin", program), args, { encoding: "utf8" });
  if (done.status !== 0) {
    console.error(`${done.error ?? ""}${done.stdout}${done.stderr}`);
    console.error(`${program} ${args.join(" ")} failed with status ${done.status}; the generated files are kept for a look`);
    process.exit(1);
  }
}
