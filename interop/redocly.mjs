// Redocly, with every rule an error: it walks webhooks wholly (operation ids, tags, security, parameters, examples).

import { main, redocly } from "./linter.mjs";

main("redocly", redocly, {
  "an undeclared tag": (document) => (document.webhooks["invoice.paid"].post.tags = ["nowhere"]),
  "an undefined security scheme": (document) => (document.webhooks["invoice.paid"].post.security = [{ nowhere: [] }]),
  "an operation id used twice": (document) => (document.webhooks["invoice.paid"].put.operationId = "invoicePaid"),
  "a reference to a missing schema": (document) =>
    (document.webhooks["invoice.paid"].post.requestBody.content["application/json"].schema.$ref = "#/components/schemas/Nowhere"),
});
