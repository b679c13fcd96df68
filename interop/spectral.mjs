// Spectral, with every rule of its OpenAPI set: it alone finds servers in a webhook and empty responses.

import { json, main } from "./linter.mjs";

main("spectral", lint, {
  "servers in a webhook": (document) => (document.webhooks["invoice.paid"].post.servers = [{ url: "https://example.test" }]),
  "no responses in a webhook": (document) => (document.webhooks["invoice.paid"].post.responses = {}),
});

function lint(file) {
  const reports = json("spectral", ["lint", file, "--ruleset", "lint/spectral.yaml", "--fail-severity=hint", "--format=json", "--quiet"]);
  return reports.map(({ code, path, message }) => `#/${path.join("/")}: ${code}: ${message}`);
}
