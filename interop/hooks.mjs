// What Zapier and other clients of REST Hooks do, by hand: subscribe, receive, look at samples, unsubscribe.

import { createServer } from "node:http";
import { strict as assert } from "node:assert";

/** Does it at an API whose example pays on `POST /payments`. */
export async function hooks(base, token) {
  const received = [];
  let gone = false;
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) });
      response.writeHead(gone ? 410 : 200).end();
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = (method, path, body) =>
    fetch(`${base}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const pay = (amount) => fetch(new URL("/payments", base), { method: "POST", headers, body: JSON.stringify({ amount }) });
  try {
    const hookUrl = `http://127.0.0.1:${server.address().port}/`;
    const samples = await (await call("GET", "/events/payment.created/samples")).json();
    assert(Array.isArray(samples) && samples.length > 0, "a perform-list is a bare array, and never empty");
    const made = await call("POST", "/hooks", { hookUrl, event: "payment.created" });
    assert.equal(made.status, 201);
    const { id } = await made.json();
    assert.equal((await pay(7)).status, 201);
    await until(() => received.length === 1);
    assert.deepEqual(Object.keys(received[0].body).sort(), Object.keys(samples[0]).sort(), "a sample looks like a message");
    const newest = await (await call("GET", "/events/payment.created/samples")).json();
    assert.deepEqual(newest[0], received[0].body, "the newest message is the first sample");
    // A Zap that was switched off answers 410.
    gone = true;
    await pay(8);
    await until(() => received.length === 2);
    await until(async () => (await (await call("GET", `/hooks/${id}`)).json()).active === false);
    assert.equal((await call("DELETE", `/hooks/${id}`)).status, 204);
    assert.equal((await call("DELETE", `/hooks/${id}`)).status, 404);
    console.log("REST Hooks: subscribed, received, looked at samples, was left alone after 410, unsubscribed");
  } finally {
    server.close();
  }
}

async function until(condition) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error("it did not happen within 20 seconds");
}
