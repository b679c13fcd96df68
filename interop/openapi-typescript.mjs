// openapi-typescript: each webhook has a typed payload under `webhooks["name"]["method"]`.

import { join } from "node:path";
import { payloads, read, webhooks } from "./document.mjs";
import { assertType, compile, folder, run } from "./typescript.mjs";

const [output, ...documents] = process.argv.slice(2);
for (const file of documents) {
  const document = read(file);
  const path = folder(output, "openapi-typescript", file);
  run("openapi-typescript", [file, "--output", join(path, "document.d.ts")]);
  const assertions = webhooks(document).flatMap(({ event, method, operation }) =>
    payloads(document, operation).map(({ mediaType }) => assertType(payload(event, method, mediaType))),
  );
  compile(path, `import type { webhooks } from "./document";`, assertions);
  console.log(`${file}: ${assertions.length} payload types compile`);
}

function payload(event, method, mediaType) {
  const keys = [event, method].map((key) => `[${JSON.stringify(key)}]`).join("");
  return `NonNullable<webhooks${keys}["requestBody"]>["content"][${JSON.stringify(mediaType)}]`;
}
