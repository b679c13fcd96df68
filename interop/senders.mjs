// Requests captured from our sender, verified by the official libraries: accepted as they are, refused when anything
// that was signed differs. v1a is in none of the libraries, so Node's own Ed25519 looks at those.

import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const OTHER_WHSEC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const captures = JSON.parse(readFileSync(process.argv[2], "utf8"));

let failures = 0;
const checked = {};
const accepted = {};
for (const capture of captures) {
  for (const [library, verifier] of verifiers(capture)) {
    expect(library, capture, "the request", true, verifier(capture));
    for (const [what, changed] of changes(capture)) expect(library, capture, what, false, verifier(changed));
  }
  for (const [library, verifier] of strangers(capture)) {
    expect(library, capture, "the request with another secret", false, verifier(capture));
  }
}
for (const [library, count] of Object.entries(checked)) console.log(`${library}: ${count} requests as expected`);
const complete = ["standardwebhooks", "svix", "Ed25519"].every((library) => accepted[library] > 0);
if (!complete) console.error("a library accepted nothing, so its refusals mean nothing");
if (failures > 0 || !complete) process.exit(1);

// A verifier for each library that knows the request's signature, and each of its secrets.
function* verifiers({ prefix, secrets, public_key }) {
  for (const secret of secrets) {
    if (prefix === "webhook") yield ["standardwebhooks", accepts(new Standard(secret))];
    yield ["svix", accepts(new Svix(secret))];
  }
  if (public_key) yield ["Ed25519", ed25519(public_key)];
}

function* strangers({ prefix }) {
  if (prefix === "webhook") yield ["standardwebhooks", accepts(new Standard(OTHER_WHSEC))];
  yield ["svix", accepts(new Svix(OTHER_WHSEC))];
  yield ["Ed25519", ed25519(`whpk_${Buffer.alloc(32, 7).toString("base64")}`)];
}

function accepts(webhook) {
  return ({ body, headers }) => {
    try {
      webhook.verify(body, headers);
      return true;
    } catch {
      return false;
    }
  };
}

// As the specification has it: Ed25519 over `id.timestamp.body`, base64, in a list with other versions.
function ed25519(text) {
  const x = Buffer.from(text.replace("whpk_", ""), "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return ({ body, headers }) => {
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const signatures = (headers["webhook-signature"] ?? "").split(" ").filter((one) => one.startsWith("v1a,"));
    return signatures.some((one) => verify(null, Buffer.from(signed), key, Buffer.from(one.slice(4), "base64")));
  };
}

// The request with one thing different that was signed.
function* changes(capture) {
  const { prefix, body, headers } = capture;
  yield ["another body", { ...capture, body: body === "" ? " " : body.replace("{", "{ ") }];
  for (const part of ["id", "timestamp", "signature"]) {
    const name = `${prefix}-${part}`;
    const { [name]: value, ...rest } = headers;
    yield [`no ${name}`, { ...capture, headers: rest }];
    yield [`another ${name}`, { ...capture, headers: { ...rest, [name]: other(part, value) } }];
  }
}

function other(part, value) {
  if (part === "signature") return value.replaceAll(/,./g, (start) => (start === ",A" ? ",B" : ",A"));
  return value.slice(0, -1) + (value.endsWith("5") ? "6" : "5");
}

function expect(library, capture, what, wanted, found) {
  checked[library] = (checked[library] ?? 0) + 1;
  if (wanted && found) accepted[library] = (accepted[library] ?? 0) + 1;
  if (found === wanted) return;
  failures += 1;
  console.error(`${library}: ${capture.name}: ${what} is ${found ? "accepted" : "refused"}`);
}
