// The portal and the dashboard of the running example `payments-delivered`, in headless Chromium, by what people see: roles
// and names.
//
// A customer who never saw it subscribes, sends a test, sees it fail, reads why, mends it and sends again; an operator finds
// the owner that fills the queue; both also without JavaScript. Every page keeps a strict policy, loads nothing from another
// host, has fewer than 100 kB, and axe finds nothing on it: in both themes, on a phone, and at 200 % zoom, where nothing
// scrolls sideways. In a frame of another origin its forms work without third-party cookies, and elsewhere it stays out of
// frames.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, policyFaults, violations, watch } from "./browser.mjs";

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
    await run(`customer, JavaScript ${javaScriptEnabled}`, { viewport: WIDE, javaScriptEnabled }, customer);
    await run(`operator, JavaScript ${javaScriptEnabled}`, { viewport: WIDE, javaScriptEnabled }, operator);
  }
  for (const { name, ...options } of VISITS) await run(name, options, (page, report) => everyPage(page, report, name));
  await frames();
} finally {
  await browser.close();
}
if (findings.length > 0) {
  for (const finding of new Set(findings)) console.error(`portal: ${finding}`);
  console.error(`${findings.length} findings; screenshots are in ${pictures}`);
  process.exit(1);
}
console.log(`portal: two stories twice, ${VISITS.length} visits to every page, frames`);

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

async function customer(page) {
  const button = (name) => page.getByRole("button", { name, exact: true });
  const link = (name) => page.getByRole("link", { name, exact: true }).first();
  await page.goto(`${url}/portal`);
  await link("Add subscription").click();
  await page.getByLabel("Target").fill(`${url}/targets/warehous`);
  await page.getByRole("checkbox", { name: "payout.paid" }).check();
  await page.getByLabel("Description").fill("Made by a test");
  await button("Add subscription").click();
  await page.getByRole("heading", { name: "Your signing secret" }).waitFor();
  const secret = await page.locator(".secret code").textContent();
  if (!secret.startsWith("whsec_")) throw new Error(`the secret is ${secret}`);
  await link("I have stored it").click();
  if ((await page.content()).includes(secret)) throw new Error("the secret is shown again");
  await button("Send a test").click();
  await untilShown(page, "it has nothing at this path for this method");
  await page.getByText("Check the path of the URL").first().waitFor();
  const delivery = page.url().split("?")[0];
  // A retry that is still planned would find the mended target, and leave nothing to send again by hand.
  await untilShown(page, "Given up; attempts made:");
  await page.locator("p.lead a").click();
  await link("Edit").click();
  await page.getByLabel("Target").fill(`${url}/targets/warehouse`);
  await button("Save").click();
  await page.getByText("Saved. It takes effect from the next attempt on.").waitFor();
  const subscription = page.url().split("?")[0];
  await page.goto(delivery);
  await button("Retry now").click();
  await untilShown(page, "The target accepted it.");
  await page.goto(subscription);
  await link("Send again").click();
  await button("Count").click();
  await page.getByText("would be sent again").waitFor();
  await page.goto(subscription);
  await button("Pause").click();
  await page.getByText("Events are kept, and delivered once you resume").waitFor();
  await button("Resume").click();
  await link("Remove").click();
  await button("Remove it for good").click();
  await page.getByText("The subscription was removed.").waitFor();
  await page.goBack();
  // The page is not kept by the browser: it is asked for again, and what it was about is gone.
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
}

/** Looks again, as a person would, until a text is there. */
async function untilShown(page, text) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await page.getByText(text).first().isVisible()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await page.goto(page.url().split("?")[0]);
  }
  throw new Error(`"${text}" is not shown`);
}

async function operator(page) {
  await page.goto(`${url}/operator`);
  const table = page.getByRole("table", { name: "Who fills the queue" });
  await table.getByRole("rowheader").first().getByRole("link").click();
  await page.getByRole("heading", { name: "Deliveries" }).waitFor();
  const owner = new URL(page.url()).searchParams.get("owner");
  const owners = await page.locator("td[data-label='Owner']").allTextContents();
  if (owners.length === 0 || owners.some((shown) => shown !== owner)) throw new Error(`the log of ${owner} shows ${owners}`);
  await page.getByRole("link", { name: "Overview" }).click();
  const causes = page.getByRole("table", { name: "What fails, and why" });
  await causes.getByText("it has nothing at this path").first().waitFor();
  await page.getByLabel("Find").fill("globex");
  await page.getByRole("button", { name: "Go" }).click();
  await page.getByRole("heading", { name: "Deliveries" }).waitFor();
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
      await look(page, response, (finding) => report(`${kind}: ${finding}`));
      await page.screenshot({ path: join(pictures, `portal-${kind.replaceAll(/\W+/g, "-")}-${name}.png`), fullPage: true });
      const links = await page.$$eval("main a[href]:not([download]), nav a[href]", (links) => links.map((link) => link.href));
      const own = links.filter((link) => /\/(portal|operator)\//.test(link) && !seen.has(kindOf(link)));
      for (const link of own) if (!waiting.some((other) => kindOf(other) === kindOf(link))) waiting.push(link);
    }
  }
  if (seen.size < 16) report(`only ${seen.size} kinds of pages were reached: ${[...seen].join(", ")}`);
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

/** In a frame of another origin: refused by default, and at work where it is allowed, without third-party cookies. */
async function frames() {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>Host</title><iframe title="hooks" width="900" height="700" src="${decodeURIComponent(request.url.slice(1))}"></iframe>`);
  });
  await new Promise((resolve) => server.listen(Number(new URL(framed).port), "localhost", resolve));
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  try {
    await page.goto(`${framed}/${encodeURIComponent(`${url}/operator/overview`)}`);
    const refused = page.frames().every((frame) => !frame.url().includes("/operator"));
    if (!refused) findings.push("the dashboard is shown in a frame of another site");
    await page.goto(`${framed}/${encodeURIComponent(`${url}/portal/subscriptions`)}`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("link", { name: /ledger/ }).click();
    await frame.getByRole("button", { name: "Send a test" }).click();
    await frame.getByRole("heading", { level: 1 }).filter({ hasText: "webhooks.test" }).waitFor();
  } catch (error) {
    await page.screenshot({ path: join(pictures, "portal-frame-failed.png") });
    findings.push(`[frame] ${error.message}`);
  } finally {
    await context.close();
    server.close();
  }
}
