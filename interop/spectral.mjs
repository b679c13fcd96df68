// Spectral, with every rule of its OpenAPI set: it alone finds servers in a webhook and empty responses.

import { main, spectral } from "./linter.mjs";

main("spectral", spectral, {
  "servers in a webhook": (document) => (document.webhooks["invoice.paid"].post.servers = [{ url: "https://example.test" }]),
  "no responses in a webhook": (document) => (document.webhooks["invoice.paid"].post.responses = {}),
});
