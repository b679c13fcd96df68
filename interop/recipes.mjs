// The code with which the documentation page shows how to verify a request, run as it stands there: on requests that the
// library of Standard Webhooks has signed, and on the same with one thing changed. Rust's is run by `cargo test`.
//
// `node recipes.mjs PYTHON`

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const ASSETS = new URL("../webhooks-core/src/page/assets/", import.meta.url);
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY = JSON.stringify({ type: "user.created", data: { name: "Grüße, 世界" } });
const [python] = process.argv.slice(2);

const good = signed(SECRET, new Date());
const CASES = {
  "as it was sent": [true, SECRET, good, BODY],
  "one signature among others": [true, SECRET, { ...good, "webhook-signature": `v1a,x ${good["webhook-signature"]} v1,eHg=` }, BODY],
  "with another body": [false, SECRET, good, `${BODY} `],
  "with another secret": [false, OTHER, good, BODY],
  "with another id": [false, SECRET, { ...good, "webhook-id": "msg_2" }, BODY],
  "from six minutes ago": [false, SECRET, signed(SECRET, new Date(Date.now() - 360_000)), BODY],
  "from the future": [false, SECRET, signed(SECRET, new Date(Date.now() + 360_000)), BODY],
  "without a signature": [false, SECRET, { ...good, "webhook-signature": "" }, BODY],
  "without headers": [false, SECRET, {}, BODY],
  "with a time that is none": [false, SECRET, { ...good, "webhook-timestamp": "now" }, BODY],
};

const { verify } = await import(`data:text/javascript,${encodeURIComponent(asset("verify.mjs.txt"))}`);
const DRIVER = `
import json, sys
cases = json.load(sys.stdin)
print(json.dumps([verify(secret, headers, body.encode()) for _, secret, headers, body in cases]))
`;
const cases = Object.values(CASES);
const recipes = {
  "Node.js": cases.map(([, secret, headers, body]) => verify(secret, headers, Buffer.from(body))),
  Python: JSON.parse(execFileSync(python, ["-c", asset("verify.py.txt") + DRIVER], { input: JSON.stringify(cases) })),
};
const findings = Object.entries(recipes).flatMap(([language, answers]) =>
  Object.entries(CASES)
    .filter(([, [expected]], index) => answers[index] !== expected)
    .map(([title, [expected]]) => `${language}: a request ${title} is ${expected ? "refused" : "accepted"}`),
);
if (findings.length > 0) {
  for (const finding of findings) console.error(finding);
  process.exit(1);
}
console.log(`the recipes for ${Object.keys(recipes).join(" and ")} judge ${cases.length} requests as they should`);

function asset(name) {
  return readFileSync(new URL(name, ASSETS), "utf8");
}

function signed(secret, at) {
  const id = "msg_1";
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, at, BODY),
  };
}
