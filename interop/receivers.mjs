// Requests signed by the providers' own libraries against the running example `providers`: accepted as they are,
// refused when one byte differs, when the secret is another one, and when they are old.

import { sign } from "@octokit/webhooks-methods";
import { Stripe } from "stripe";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const url = process.argv[2];
const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_WHSEC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const stripe = new Stripe("unused");
const charge = { id: "evt_1", type: "charge.succeeded", data: { object: { amount: 5, currency: "eur" } } };
const user = { type: "user.created", timestamp: new Date().toISOString(), data: { id: "u1" } };

// What each library makes of a body, a secret and a time: the headers of the request.
const clients = [
  {
    name: "@octokit/webhooks-methods",
    path: "/hooks/github",
    secrets: ["github-new", "github-old"],
    body: { action: "opened", text: "Grüße, 世界" },
    event: "issues.opened",
    headers: async (body, secret) => ({ "x-github-event": "issues", "x-hub-signature-256": await sign(secret, body) }),
  },
  {
    name: "stripe",
    path: "/hooks/stripe",
    secrets: ["whsec_new", "whsec_old"],
    body: charge,
    event: "charge.succeeded",
    tolerance: 300,
    headers: (payload, secret, at) => ({
      "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: seconds(at) }),
    }),
  },
  {
    name: "standardwebhooks",
    path: "/hooks/standard",
    secrets: [WHSEC],
    body: user,
    event: "user.created",
    tolerance: 300,
    headers: (body, secret, at, id) => ({
      "webhook-id": id,
      "webhook-timestamp": String(seconds(at)),
      "webhook-signature": new Standard(secret).sign(id, at, body),
    }),
  },
  {
    name: "svix",
    path: "/hooks/svix",
    secrets: [WHSEC],
    body: user,
    event: "user.created",
    tolerance: 300,
    headers: (body, secret, at, id) => ({
      "svix-id": id,
      "svix-timestamp": String(seconds(at)),
      "svix-signature": new Svix(secret).sign(id, at, body),
    }),
  },
];

let failures = 0;
let sent = 0;
for (const client of clients) await check(client);
if (failures > 0) process.exit(1);

async function check(client) {
  const { name, secrets, event, tolerance } = client;
  let checked = 0;
  const expect = async (what, status, request) => {
    const answer = await request;
    checked += 1;
    if (answer !== status) {
      failures += 1;
      console.error(`${name}: ${what} is answered ${answer}, not ${status}`);
    }
  };
  for (const secret of secrets) await expect("a signed request", 200, send(client, { secret }));
  const wrong = name === "standardwebhooks" || name === "svix" ? OTHER_WHSEC : "another";
  await expect("another secret", 401, send(client, { secret: wrong }));
  await expect("a changed body", 401, send(client, { change: (body) => body.replace("{", "{ ") }));
  await expect("an empty body", 401, send(client, { change: () => "" }));
  await expect("a missing signature", 401, send(client, { drop: "signature" }));
  if (tolerance) {
    await expect("an old request", 401, send(client, { age: tolerance + 60 }));
    await expect("a request that is a little old", 200, send(client, { age: tolerance - 60 }));
  }
  const entries = await (await fetch(`${url}/ledger`)).json();
  const found = entries.filter((entry) => client.path.endsWith(entry.provider) && entry.event === event).length;
  const expected = secrets.length + (tolerance ? 1 : 0);
  if (found !== expected) {
    failures += 1;
    console.error(`${name}: ${found} messages reached their handler, not ${expected}`);
  }
  console.log(`${name}: ${checked} requests, ${found} handled`);
}

async function send(client, { secret = client.secrets[0], change = (body) => body, drop, age = 0 }) {
  sent += 1;
  const id = `msg_${sent}`;
  const body = JSON.stringify({ ...client.body, id });
  const headers = await client.headers(body, secret, new Date(Date.now() - age * 1000), id);
  for (const header of Object.keys(headers)) if (drop && header.includes(drop)) delete headers[header];
  const response = await fetch(url + client.path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: change(body),
  });
  return response.status;
}

function seconds(date) {
  return Math.floor(date.getTime() / 1000);
}
