// The Zapier integration that `webhooks export zapier` writes: it is what Zapier's schema asks for, and its functions do
// their work at a running API.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import schema from "zapier-platform-schema";
import { folder } from "./typescript.mjs";

/** Writes the integration of the API at `base`, and runs a trigger of it. */
export async function zapier(output, webhooks, document, base, token) {
  const path = resolve(folder(output, "zapier", "running/openapi.json"));
  const written = spawnSync(webhooks, ["export", "zapier", document, "--api", base, "--output", path], { encoding: "utf8" });
  assert.equal(written.status, 0, written.stderr);
  const files = readdirSync(path, { recursive: true }).filter((name) => name.endsWith(".js"));
  for (const file of files) {
    const checked = spawnSync(process.execPath, ["--check", join(path, file)], { encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stderr);
  }
  const app = createRequire(import.meta.url)(path);
  const problems = schema.validateAppDefinition(definition(app)).errors;
  assert.deepEqual(problems.map(String), [], "Zapier's schema accepts it");

  const bundle = { authData: { token }, targetUrl: "https://hooks.zapier.com/hooks/standard/1/" };
  const z = { request: (request) => request_as_zapier(app, bundle, request) };
  const trigger = app.triggers.payment_created.operation;
  bundle.subscribeData = await trigger.performSubscribe(z, bundle);
  assert.match(bundle.subscribeData.id, /^sub_/);
  const listed = await trigger.performList(z, bundle);
  assert(Array.isArray(listed) && listed.length > 0, "samples before a Zap is on");
  bundle.cleanedRequest = listed[0];
  assert.deepEqual(await trigger.perform(z, bundle), [listed[0]]);
  await trigger.performUnsubscribe(z, bundle);
  await trigger.performUnsubscribe(z, bundle);
  const tested = await z.request(app.authentication.test);
  assert.equal(tested.status, 200);
  await assert.rejects(() => request_as_zapier(app, { authData: { token: "" } }, app.authentication.test));
  console.log(`zapier: ${Object.keys(app.triggers).length} triggers; one subscribes, lists and unsubscribes`);
}

/** What Zapier validates: functions are sources there. */
function definition(app) {
  const copy = (value) => {
    if (typeof value === "function") return { source: "return {};", args: ["z", "bundle"] };
    if (Array.isArray(value)) return value.map(copy);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => [key, copy(one)]));
  };
  return copy(app);
}

/** `z.request` of Zapier's library, as far as the integration uses it. */
async function request_as_zapier(app, bundle, { method = "GET", url, body, skipThrowForStatus }) {
  let request = { method, url, headers: { "content-type": "application/json" }, body };
  for (const before of app.beforeRequest) request = before(request, {}, bundle);
  const answer = await fetch(request.url, { ...request, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const throwForStatus = () => {
    if (answer.status >= 400) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  };
  if (!skipThrowForStatus) throwForStatus();
  return { status: answer.status, data: text && JSON.parse(text), throwForStatus };
}
