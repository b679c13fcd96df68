// @hey-api/openapi-ts: the union `Webhooks` has one member for each webhook, with its name and a typed payload.

import { payloads, read, webhooks } from "./document.mjs";
import { assertType, compile, folder, run } from "./typescript.mjs";

const [output, ...documents] = process.argv.slice(2);
for (const file of documents) {
  const document = read(file);
  const path = folder(output, "hey-api", file);
  run("openapi-ts", ["--input", file, "--output", path, "--plugins", "@hey-api/typescript", "--no-log-file"]);
  const assertions = webhooks(document)
    .filter(({ operation }) => payloads(document, operation).length > 0)
    .map(({ event }) => assertType(`Extract<Webhooks, { key: ${JSON.stringify(event)} }>["body"]`));
  compile(path, `import type { Webhooks } from "./types.gen";`, assertions);
  console.log(`${file}: ${assertions.length} webhooks have a typed payload`);
}
