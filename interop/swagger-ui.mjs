// Swagger UI of a running example in headless Chromium: every webhook of the document is shown with its name, method
// and description, and the page keeps the promises of browser.mjs while all of them are opened. It is dark where the
// system is, works with a user and password in the address, and has no section for a tag that no route has.

import { join } from "node:path";
import { launch, policyFaults, violations, watch } from "./browser.mjs";
import { read, webhooks } from "./document.mjs";

const [example, url, file, pictures] = process.argv.slice(2);
const document = read(file);
const expected = webhooks(document);
const browser = await launch();
let findings;
try {
  findings = [...(await visit()), ...(await behindALogin()), ...(await inTheDark())];
} finally {
  await browser.close();
}
if (findings.length > 0) {
  for (const finding of new Set(findings)) console.error(`${example} /swagger: ${finding}`);
  process.exit(1);
}
console.log(`${example}: Swagger UI keeps the promises and shows every webhook (${expected.length})`);

async function visit() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const watched = await watch(page, url);
  const response = await page.goto(`${url}/swagger`, { waitUntil: "load" });
  // The first operation is there once the document was fetched and understood.
  const shown = await page.waitForSelector(".opblock", { timeout: 30_000 }).catch(() => null);
  if (!shown) return [...watched, "no operation appears; is the document under the path that the page names?"];
  // Routes stay closed: each that is open makes the next one slower, and an application has many.
  const names = expected.map(({ event }) => event);
  const blocks = await page.$$(".opblock");
  let opened = 0;
  for (const block of blocks) {
    const name = await block.$eval(".opblock-summary-path, .opblock-summary-path__deprecated", (path) => path.innerText.replaceAll("\u200b", "").trim());
    if (!names.includes(name)) continue;
    await (await block.$(".opblock-summary-control")).click();
    opened += 1;
  }
  // Only what is open has a body; what is deprecated has no other mark of it.
  await page.waitForFunction((count) => window.document.querySelectorAll(".opblock .opblock-body").length === count, opened);
  // An open operation fills up bit by bit: look again until nothing is missing, or patience ends.
  let missing = absent(await page.evaluate(survey));
  for (let looks = 0; missing.length > 0 && looks < 50; looks += 1) {
    await page.waitForTimeout(100);
    missing = absent(await page.evaluate(survey));
  }
  const found = [...policyFaults(response), ...missing, ...(await violations(page)), ...(await asked(page))];
  await page.screenshot({ path: join(pictures, `${example}-swagger-ui.png`), fullPage: true });
  return [...found, ...watched];
}

/** What "Authorize" asks for, though only webhooks are secured by it: there is nothing to enter for what is received. */
async function asked(page) {
  const named = (operations) => operations.flatMap(({ security }) => (security ?? []).flatMap((one) => Object.keys(one)));
  const routes = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item));
  const ofRoutes = new Set(named([document, ...routes]));
  const ofWebhooks = named(expected.map(({ operation }) => operation)).filter((scheme) => !ofRoutes.has(scheme));
  const locks = await page.$$eval(".opblock", (blocks) =>
    blocks.filter((block) => block.querySelector(".authorization__btn")).map((block) => block.querySelector(".opblock-summary-path")?.innerText.replaceAll("\u200b", "").trim()),
  );
  const events = new Set(expected.map(({ event }) => event));
  const found = locks.filter((name) => events.has(name)).map((name) => `the webhook ${name} asks for a login`);
  const button = await page.$(".btn.authorize");
  if (!button) return ofRoutes.size === 0 ? found : [...found, "nothing asks for the login of the routes"];
  await button.click();
  const dialog = await (await page.waitForSelector(".modal-ux")).innerText();
  await page.keyboard.press("Escape");
  await page.$(".modal-ux .btn-done").then((done) => done?.click());
  return [...found, ...ofWebhooks.filter((scheme) => dialog.includes(scheme)).map((scheme) => `"Authorize" asks for ${scheme}`)];
}

/** With a user and password in the address, as behind basic authentication. */
async function behindALogin() {
  const page = await browser.newPage();
  await page.goto(`${url.replace("://", "://docs:secret@")}/swagger`, { waitUntil: "load" });
  const shown = await page.waitForSelector(".opblock", { timeout: 30_000 }).catch(() => null);
  await page.close();
  return shown ? [] : ["with a user and password in the address no operation appears"];
}

/** Dark where the system is; and no section without an operation. */
async function inTheDark() {
  const page = await browser.newPage({ colorScheme: "dark", viewport: { width: 1280, height: 900 } });
  await page.goto(`${url}/swagger`, { waitUntil: "load" });
  await page.waitForSelector(".opblock", { timeout: 30_000 });
  const ground = await page.evaluate(() => window.getComputedStyle(window.document.body).backgroundColor.match(/\d+/g).slice(0, 3).map(Number));
  const empty = await page.$$eval(".opblock-tag-section", (sections) =>
    sections.filter((section) => section.classList.contains("is-open") && !section.querySelector(".opblock")).map((section) => section.innerText.trim()),
  );
  await page.screenshot({ path: join(pictures, `${example}-swagger-ui-dark.png`), fullPage: true });
  await page.close();
  const found = empty.map((tag) => `the section ${tag} is empty`);
  return Math.max(...ground) < 100 ? found : [...found, `the ground is rgb(${ground.join(", ")}) on a dark system`];
}

/** Runs in the page: what each operation shows. */
function survey() {
  const text = (block, selector) => block.querySelector(selector)?.innerText.replaceAll("\u200b", "").trim() ?? "";
  return [...window.document.querySelectorAll(".opblock")].map((block) => ({
    name: text(block, ".opblock-summary-path, .opblock-summary-path__deprecated"),
    method: text(block, ".opblock-summary-method"),
    text: block.innerText,
  }));
}

/** The webhooks that a reader misses, in sentences. */
function absent(blocks) {
  return expected.flatMap(({ event, method, operation }) => {
    const own = blocks.filter((block) => block.name === event && block.method.toLowerCase() === method);
    if (own.length === 0) return [`webhook ${event} (${method.toUpperCase()}) is not shown`];
    // Markdown is rendered, so only the words of its first line are looked for.
    const words = operation.description.split("\n")[0].replace(/[`*_]/g, "").trim();
    return own.some(({ text }) => text.includes(words)) ? [] : [`webhook ${event} (${method.toUpperCase()}) does not show its description`];
  });
}
