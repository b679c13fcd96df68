// The search of the crates' rustdoc, as a reader uses it: in Chromium, with the words of the trade.
//
// Each word must show the item that does it among the first results. `#[doc(alias = "..")]` on the item is what makes it so.

import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { launch } from "./browser.mjs";

/** How many results a reader looks at. */
const LOOKED_AT = 10;

/** Word, and what it must find: the ends of paths, any of which will do. */
const WORDS = {
  account: ["Account", "Owner"],
  admin: ["Operator"],
  "at least once": ["webhooks_sender::Sender"],
  "at rest": ["SenderBuilder::seal_with"],
  audit: ["Account::audit"],
  backoff: ["RetrySchedule"],
  "basic auth": ["DocsRouter"],
  challenge: ["Handshake"],
  "circuit breaker": ["CircuitBreaker"],
  customer: ["Account", "Owner", "Portal"],
  "dead letter": ["Account::replay", "Operator::replay"],
  dedup: ["Deduplicate"],
  delay: ["Outbound"],
  delete: ["Account::unsubscribe"],
  disable: ["Account::pause"],
  encrypt: ["SenderBuilder::seal_with"],
  endpoint: ["Account::subscribe"],
  "event type": ["EventName"],
  "exactly once": ["Deduplicate"],
  exponential: ["RetrySchedule"],
  gdpr: ["Account::erase_message"],
  grafana: ["webhooks_sender::metrics"],
  graceful: ["Sender::shut_down"],
  health: ["Operator::queue_stats", "QueueStats"],
  hmac: ["Scheme::hmac_sha256", "webhooks_signature::Scheme"],
  idempotency: ["Outbound::idempotency_key"],
  inbox: ["Deduplicate"],
  jwks: ["Sender::public_keys", "JwkSet"],
  opentelemetry: ["SenderBuilder::trace_context"],
  outbox: ["Sender::send_in"],
  permissions: ["Access"],
  ping: ["Account::send_test"],
  portal: ["webhooks_portal::Portal"],
  prometheus: ["webhooks_sender::metrics", "QueueStats"],
  proxy: ["HttpClientBuilder::proxy"],
  quota: ["SenderBuilder::subscriptions_per_owner"],
  "rate limit": ["Subscription::rate_limit", "Settings::rate_limit", "RateLimit"],
  "raw body": ["Received"],
  replay: ["Account::replay"],
  "replay attack": ["RecentMessages", "Timestamp"],
  resend: ["Account::retry", "Account::replay_message"],
  "retry policy": ["RetrySchedule"],
  "reverse proxy": ["TrustedProxies"],
  "rfc 9421": ["MessageSignatureVerifier"],
  rotate: ["Account::rotate"],
  shutdown: ["Sender::shut_down"],
  ssrf: ["TargetPolicy"],
  swagger: ["SwaggerUi", "OpenApi"],
  tenant: ["Account", "Owner", "TenantSecrets"],
  timeout: ["HttpClientBuilder::timeout"],
  tls: ["HttpClientBuilder::root_certificate"],
  topic: ["EventName", "EventSource"],
  troubleshoot: ["Account::find_attempts"],
  unauthorized: ["Rejection"],
  update: ["Account::change"],
  verify: ["Receiver", "SchemeVerifier"],
  wildcard: ["EventPattern"],
};

const [folder] = process.argv.slice(2);
const browser = await launch();
const missed = [];
try {
  const page = await (await browser.newContext()).newPage();
  for (const [word, wanted] of Object.entries(WORDS)) {
    const found = await results(page, word);
    const is = (path) => wanted.some((end) => path === end || path.endsWith(`::${end}`));
    if (!found.slice(0, LOOKED_AT).some(is)) {
      missed.push(`"${word}" does not find ${wanted.join(" or ")}; it finds ${found.slice(0, LOOKED_AT).join(", ") || "nothing"}`);
    }
  }
} finally {
  await browser.close();
}
if (missed.length > 0) {
  for (const line of missed) console.error(line);
  console.error(`${missed.length} of ${Object.keys(WORDS).length} words; put \`#[doc(alias = "..")]\` on the item`);
  process.exit(1);
}
console.log(`${Object.keys(WORDS).length} words of the trade find their items`);

/** The paths of the results for a word, best first. An alias is shown with the item that it leads to. */
async function results(page, word) {
  const address = pathToFileURL(join(folder, "webhooks_sender/index.html"));
  address.searchParams.set("search", word);
  await page.goto(address.href, { waitUntil: "load" });
  // The number of results stands on each tab when the search is done.
  await page.waitForFunction(() => {
    const counts = [...document.querySelectorAll("#search-tabs .count")];
    return counts.length > 0 && counts.every((count) => !count.classList.contains("loading"));
  });
  const paths = await page.$$eval("#results .search-results.active > a .path", (paths) =>
    paths.map((path) => [...path.querySelectorAll(":scope > span")].map((part) => part.textContent).join("")),
  );
  // The examples and the tests are documented as well, but not published.
  return paths.filter((path) => path.startsWith("webhooks_") && !path.startsWith("webhooks_tests"));
}
