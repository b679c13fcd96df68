// The documentation page of a running example in headless Chromium.
//
// What the page promises: every webhook with its event name, method and payload fields is there to be read, with and
// without JavaScript; nothing is loaded from another host; the Content-Security-Policy is strict and kept; the console
// stays silent; axe finds nothing serious, in light and dark and on a narrow screen, where nothing scrolls sideways.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { launch, policyFaults, violations, watch } from "./browser.mjs";
import { missing, survey } from "./completeness.mjs";
import { read } from "./document.mjs";

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
  const response = await page.goto(`${url}/docs`, { waitUntil: "load" });
  await picture(page, join(pictures, `${example}-${name}.png`));
  await page.evaluate(renderAll);
  const found = [...policyFaults(response), ...missing(document, await closedThenOpen(page))];
  if (options.javaScriptEnabled !== false) {
    found.push(...(await violations(page)), ...(await accessibility(page)));
  }
  if (options.viewport === NARROW) found.push(...(await sideways(page)));
  await context.close();
  return [...found, ...watched];
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
