// Reads an OpenAPI document: its webhooks, their payloads, and the fields of a payload.
//
// Nothing here knows how the document was made: what a reader of the document can know is all that is checked.

import { readFileSync } from "node:fs";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The document in a file. */
export function read(file) {
  const document = JSON.parse(readFileSync(file, "utf8"));
  if (!document.webhooks || Object.keys(document.webhooks).length === 0) {
    throw new Error(`${file}: the document has no webhooks, so there is nothing to check`);
  }
  return document;
}

/** Every webhook: `{ event, method, operation }`, in the order of the document. */
export function webhooks(document) {
  return Object.entries(document.webhooks).flatMap(([event, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ event, method, operation: item[method] })),
  );
}

/**
 * The payloads of a webhook: `{ mediaType, schema }`, one for each media type. One without a schema (raw bytes)
 * promises nothing that could be checked and is left out.
 */
export function payloads(document, operation) {
  const body = resolve(document, operation.requestBody ?? {});
  return Object.entries(body.content ?? {})
    .map(([mediaType, content]) => ({ mediaType, schema: content.schema ?? {} }))
    .filter(({ schema }) => Object.keys(schema).length > 0);
}

/**
 * The names of a payload's fields: `own` are those of the payload itself, `nested` those of the objects in it.
 * A schema that contains itself is visited once.
 */
export function fields(document, schema) {
  const found = { own: new Set(), nested: new Set() };
  collect(document, schema, found, true, new Set());
  return found;
}

function collect(document, schema, found, own, visited) {
  if (schema === null || typeof schema !== "object" || visited.has(schema)) return;
  visited.add(schema);
  if (schema.$ref) collect(document, resolve(document, schema), found, own, visited);
  for (const part of ["allOf", "anyOf", "oneOf"].flatMap((keyword) => schema[keyword] ?? [])) {
    collect(document, part, found, own, visited);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    (own ? found.own : found.nested).add(name);
    collect(document, property, found, false, visited);
  }
  for (const part of [schema.items, schema.additionalProperties, ...(schema.prefixItems ?? [])]) {
    collect(document, part, found, false, visited);
  }
}

/** Follows a `$ref` inside the document. */
export function resolve(document, value) {
  if (!value.$ref) return value;
  const pointer = value.$ref.replace(/^#\//, "").split("/");
  const target = pointer.reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  if (target === undefined) throw new Error(`${value.$ref} leads nowhere in the document`);
  return resolve(document, target);
}
