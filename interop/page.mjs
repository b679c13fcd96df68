// The documentation page of a running example in headless Chromium.
//
// What the page promises: every webhook with its event name, method and payload fields is there to be read, with and
// without JavaScript; nothing is loaded from another host; the Content-Security-Policy is strict and kept; the console
// stays silent; axe finds nothing serious, in light and dark and on a narrow screen, where nothing scrolls sideways.
// Code can be copied, and a `curl` command on the page sends a request that a receiver of Standard Webhooks accepts.
//
// Of a document with more webhooks than one page shows, the index lists all, and some of their pages are looked at.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, policyFaults, violations, watch } from "./browser.mjs";
import { missing, survey } from "./completeness.mjs";
import { read } from "./document.mjs";
import { samples } from "./samples.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 400, height: 800 };
const VISITS = [
  { name: "light", colorScheme: "light", viewport: WIDE },
  { name: "dark", colorScheme: "dark", viewport: WIDE },
  { name: "narrow", colorScheme: "light", viewport: NARROW },
  { name: "narrow-dark", colorScheme: "dark", viewport: NARROW },
  { name: "no-javascript", colorScheme: "light", viewport: WIDE, javaScriptEnabled: false },
];

const [example, url, file, pictures] = process.argv.slice(2);
const document = read(file);
const browser = await launch();
// Each finding once, with the visits that met it.
const findings = new Map();
try {
  for (const options of VISITS) {
    for (const finding of await visit(options)) findings.set(finding, [...(findings.get(finding) ?? []), options.name]);
  }
  for (const finding of await samples(browser, url)) findings.set(finding, ["samples"]);
} finally {
  await browser.close();
}
if (findings.size > 0) {
  for (const [finding, visits] of findings) console.error(`${example} /docs: ${finding} [${[...new Set(visits)].join(", ")}]`);
  console.error(`${findings.size} findings; screenshots of each visit are in ${pictures}`);
  process.exit(1);
}
console.log(`${example}: the page keeps its promises in ${VISITS.length} visits`);

async function visit({ name, ...options }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const watched = await watch(page, url);
  await page.addInitScript({ content: AXE });
  const found = await look(page, `${url}/docs`, `${example}-${name}`, options);
  const links = await page.$$eval("main a[href*='/webhooks/']", (links) => links.map((link) => [link.textContent, link.href]));
  if (links.length === 0) {
    found.push(...missing(document, await closedThenOpen(page)));
  } else {
    found.push(...(await ofPages(page, links, `${example}-${name}`, options)));
  }
  await context.close();
  return [...found, ...watched];
}

/** What is wrong with one page, whatever it shows. */
async function look(page, address, title, options) {
  const response = await page.goto(address, { waitUntil: "load" });
  await picture(page, join(pictures, `${title}.png`));
  await page.evaluate(renderAll);
  const found = policyFaults(response);
  if (options.javaScriptEnabled !== false) {
    found.push(...(await violations(page)), ...(await accessibility(page)), ...(await uncopied(page)));
  }
  if (options.viewport === NARROW) found.push(...(await sideways(page)));
  return found;
}

/** An index lists every webhook; some of their pages are complete. */
async function ofPages(page, links, title, options) {
  const events = Object.keys(document.webhooks);
  const addresses = new Map(links);
  const found = events.filter((event) => !addresses.has(event)).map((event) => `the index does not list ${event}`);
  for (const event of events.filter((_, index) => index % Math.ceil(events.length / 2) === 0)) {
    found.push(...(await look(page, addresses.get(event), `${title}-${event}`, options)));
    const alone = { ...document, webhooks: { [event]: document.webhooks[event] } };
    found.push(...missing(alone, await closedThenOpen(page)));
  }
  return found;
}

/** Every piece of code that can be seen has a button that copies it. */
async function uncopied(page) {
  const counts = await page.evaluate(() => ["main pre", "main .copy"].map((selector) => window.document.querySelectorAll(selector).length));
  return counts[0] === counts[1] ? [] : [`${counts[0]} pieces of code and ${counts[1]} buttons that copy them`];
}

/** The whole page, or its beginning where it is longer than an image of the browser can be. */
async function picture(page, path) {
  const height = await page.evaluate(() => window.document.scrollingElement.scrollHeight);
  await page.screenshot({ path, fullPage: height < 16000 });
}

/** Runs in the page: what the browser would render only when it scrolls into view is rendered now. */
function renderAll() {
  for (const element of window.document.querySelectorAll("*")) {
    if (window.getComputedStyle(element).contentVisibility === "auto") {
      element.style.setProperty("content-visibility", "visible", "important");
    }
  }
}

/** What can be read as the page opens, and what can be read with every disclosure opened. */
async function closedThenOpen(page) {
  const closed = await page.evaluate(survey);
  await page.evaluate(() => window.document.querySelectorAll("details").forEach((details) => (details.open = true)));
  return { closed, open: await page.evaluate(survey) };
}

async function accessibility(page) {
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, help, nodes }) => `axe, ${impact}: ${id}: ${help}; ${nodes.length} places, first ${nodes[0].target}`);
}

async function sideways(page) {
  const width = await page.evaluate(() => window.document.scrollingElement.scrollWidth);
  return width > NARROW.width ? [`the page is ${width} px wide on a screen of ${NARROW.width} px`] : [];
}
