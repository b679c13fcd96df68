// The portal and the dashboard of the running example `payments-delivered`, in headless Chromium, by what people see: roles
// and names.
//
// Three stories are told with and without JavaScript (`portal-stories.mjs`). Every page keeps a strict policy, loads nothing
// from another host, has fewer than 100 kB, and axe finds nothing on it: in both themes, on a phone, and at 200 % zoom, where
// nothing scrolls sideways. In a frame of another site it works where cookies of third parties are blocked
// (`portal-frames.mjs`).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, policyFaults, violations, watch } from "./browser.mjs";
import { frames } from "./portal-frames.mjs";
import { customer, fetching, operator } from "./portal-stories.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LARGEST = 100_000;
const WIDE = { width: 1280, height: 860 };
const VISITS = [
  { name: "light", colorScheme: "light", viewport: WIDE },
  { name: "dark", colorScheme: "dark", viewport: WIDE },
  { name: "phone", colorScheme: "light", viewport: { width: 390, height: 844 } },
  { name: "phone-dark", colorScheme: "dark", viewport: { width: 390, height: 844 } },
  { name: "zoomed", colorScheme: "light", viewport: { width: 640, height: 430 } },
];

const [url, pictures, framed] = process.argv.slice(2);
const browser = await launch();
const findings = [];
try {
  await filled();
  for (const javaScriptEnabled of [true, false]) {
    for (const story of [customer, fetching, operator]) {
      await run(`${story.name}, JavaScript ${javaScriptEnabled}`, { viewport: WIDE, javaScriptEnabled }, (page) => story(page, url, javaScriptEnabled));
    }
  }
  for (const { name, ...options } of VISITS) await run(name, options, (page, report) => everyPage(page, report, name));
  await frames(url, framed, pictures, (finding) => findings.push(`[frame] ${finding}`));
} finally {
  await browser.close();
}
if (findings.length > 0) {
  for (const finding of new Set(findings)) console.error(`portal: ${finding}`);
  console.error(`${findings.length} findings; screenshots are in ${pictures}`);
  process.exit(1);
}
console.log(`portal: three stories twice, ${VISITS.length} visits to every page, frames`);

/** One visit, with what the browser reports meanwhile. */
async function run(name, options, visit) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const watched = await watch(page, url);
  const report = (finding) => findings.push(`[${name}] ${finding}`);
  try {
    await visit(page, report);
  } catch (error) {
    await page.screenshot({ path: join(pictures, `portal-${name.replaceAll(/\W+/g, "-")}-failed.png`) });
    report(`${error.message} at ${page.url()}`);
  }
  // Forms that are refused answer with an error status, which the console repeats.
  for (const finding of watched.filter((finding) => !finding.includes("the server responded with a status of 4"))) report(finding);
  await context.close();
}

/** Waits until the example has something to show on each page. */
async function filled() {
  for (let tries = 0; tries < 100; tries += 1) {
    const page = await (await fetch(`${url}/operator/deliveries?state=failed`)).text();
    if (page.includes("targets/")) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  findings.push("the example has no failed delivery");
}

/** Every page that links lead to: one of each kind. */
async function everyPage(page, report, name) {
  await page.addInitScript({ content: AXE });
  const seen = new Set();
  for (const start of ["/portal", "/operator"]) {
    const waiting = [`${url}${start}`];
    while (waiting.length > 0) {
      const address = waiting.shift();
      const response = await page.goto(address, { waitUntil: "load" });
      const kind = kindOf(page.url());
      if (seen.has(kind)) continue;
      seen.add(kind);
      await show(page, response, kind, report, name);
      const links = await page.$$eval("main a[href]:not([download]), nav a[href]", (links) => links.map((link) => link.href));
      const own = links.filter((link) => /\/(portal|operator)\//.test(link) && !seen.has(kindOf(link)));
      for (const link of own) if (!waiting.some((other) => kindOf(other) === kindOf(link))) waiting.push(link);
    }
  }
  for (const [kind, address] of await others(page)) await show(page, await page.goto(address, { waitUntil: "load" }), kind, report, name);
  if (seen.size < 16) report(`only ${seen.size} kinds of pages were reached: ${[...seen].join(", ")}`);
}

/** One page looked at, and its picture. */
async function show(page, response, kind, report, name) {
  await look(page, response, (finding) => report(`${kind}: ${finding}`));
  await page.screenshot({ path: join(pictures, `portal-${kind.replaceAll(/\W+/g, "-")}-${name}.png`), fullPage: true });
}

/** Pages that differ from the others of their path: of what is fetched, and numbers that there are none of. */
async function others(page) {
  await page.goto(`${url}/portal/subscriptions`);
  const fetched = await page.getByRole("link", { name: "Fetched by the receiver" }).first().getAttribute("href");
  const subscription = new URL(fetched, page.url()).href;
  await page.goto(subscription);
  const delivery = await page.getByRole("table", { name: "Deliveries" }).getByRole("rowheader").first().getByRole("link").getAttribute("href");
  return [
    ["fetched/new", `${url}/portal/subscriptions/new?target=poll`],
    ["fetched/subscription", subscription],
    ["fetched/edit", `${subscription}/edit`],
    ["fetched/delivery", new URL(delivery, subscription).href],
    ["metrics/month", `${url}/operator/metrics?within=30d&owner=acct_1`],
    ["deliveries/retry", `${url}/portal/deliveries/retry?state=failed&within=24h`],
    ["metrics/none", `${url}/operator/metrics?owner=nobody`],
  ];
}

/** The path without ids: pages of one kind are made by one function. */
function kindOf(address) {
  const { pathname } = new URL(address);
  return pathname.replaceAll(/\/(sub|dlv|msg|job)_[^/]+/g, "/$1").replace(/\/events\/.+/, "/events/name");
}

async function look(page, response, report) {
  for (const fault of policyFaults(response)) report(fault);
  for (const violation of await violations(page)) report(violation);
  const bytes = (await response.body()).length;
  if (bytes >= LARGEST) report(`it has ${bytes} bytes`);
  // What is folded is looked at, too.
  await page.evaluate(() => window.document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const axe = await page.evaluate(() => window.axe.run());
  for (const { id, impact, help, nodes } of axe.violations) {
    report(`axe, ${impact}: ${id}: ${help}; ${nodes.length} places, first ${nodes[0].target}`);
  }
  const [wide, screen] = await page.evaluate(() => [window.document.scrollingElement.scrollWidth, window.innerWidth]);
  if (wide > screen) report(`it is ${wide} px wide on a screen of ${screen} px`);
}
