// The portal in a frame of another site: refused by default; where it is allowed it works in a Chromium that blocks the cookies
// of third parties. A visitor is let in there by a link, and the session stays in that frame: it is partitioned by the site.

import { createServer } from "node:http";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchWith } from "./browser.mjs";

/** `framed` is the origin of the other site, which is served here. */
export async function frames(url, framed, pictures, report) {
  const host = await served(new URL(framed).port, "localhost", showFrame);
  const other = await served(0, "127.0.0.1", keepCookie);
  const profile = profileWithoutThirdParties();
  const context = await launchWith(profile);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const show = (address) => page.goto(`${framed}/${encodeURIComponent(address)}`);
  try {
    await cookiesAreBlocked(page, show, `http://127.0.0.1:${other.address().port}/`);
    await show(`${url}/operator/overview`);
    if (page.frames().some((frame) => frame.url().includes("/operator"))) report("the dashboard is shown in a frame of another site");
    await session(page, show, url);
    await page.goto(`${url}/portal/subscriptions`);
    if (await page.getByRole("button", { name: "Sign out" }).isVisible()) report("a session of a frame reaches the portal outside of it");
  } catch (error) {
    await page.screenshot({ path: join(pictures, "portal-frame-failed.png") });
    report(error.message);
  } finally {
    await context.close();
    host.close();
    other.close();
    rmSync(profile, { recursive: true });
  }
}

/** In by a link, a form sent, out again. */
async function session(page, show, url) {
  const headers = { authorization: "Bearer acct_1" };
  const link = await (await fetch(`${url}/portal-links`, { method: "POST", headers })).text();
  const frame = page.frameLocator("iframe");
  await show(`${url}${link}`);
  await frame.getByRole("button", { name: "Open" }).click();
  await frame.getByRole("button", { name: "Sign out" }).waitFor();
  await frame.getByRole("link", { name: /ledger/ }).click();
  await frame.getByRole("button", { name: "Sign out" }).waitFor();
  await frame.getByRole("button", { name: "Send a test" }).click();
  await frame.getByRole("heading", { level: 1 }).filter({ hasText: "webhooks.test" }).waitFor();
  // The session outlives the page that shows the frame.
  await show(`${url}/portal/subscriptions`);
  await frame.getByRole("button", { name: "Sign out" }).click();
  await frame.getByRole("heading", { name: "You are signed out" }).waitFor();
  await show(`${url}/portal/subscriptions`);
  await frame.getByRole("heading", { name: "Subscriptions" }).waitFor();
  if (await frame.getByRole("button", { name: "Sign out" }).isVisible()) throw new Error("the session did not end");
}

/** A cookie that is not partitioned must not come back, or this browser says nothing about blocked ones. */
async function cookiesAreBlocked(page, show, address) {
  for (const visit of [1, 2]) {
    await show(address);
    const text = await page.frameLocator("iframe").locator("body").textContent();
    if (!text.startsWith("cookies: ")) throw new Error(`visit ${visit}: the frame shows ${text}`);
    if (text.includes("whole")) throw new Error("this Chromium does not block the cookies of third parties");
    if (visit === 2 && !text.includes("part")) throw new Error("this Chromium has no partitioned cookies");
  }
}

function keepCookie(request, response) {
  const attributes = "Path=/; HttpOnly; SameSite=None; Secure";
  response.setHeader("set-cookie", [`whole=1; ${attributes}`, `part=1; ${attributes}; Partitioned`]);
  response.end(`cookies: ${request.headers.cookie ?? ""}`);
}

function showFrame(request, response) {
  response.setHeader("content-type", "text/html");
  response.end(`<!doctype html><title>Host</title><iframe title="hooks" width="900" height="700" src="${decodeURIComponent(request.url.slice(1))}"></iframe>`);
}

async function served(port, host, answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(Number(port), host, resolve));
  return server;
}

/** A new profile whose settings block the cookies of third parties, as a person sets it. */
function profileWithoutThirdParties() {
  const profile = mkdtempSync(join(tmpdir(), "portal-frames-"));
  mkdirSync(join(profile, "Default"));
  const preferences = { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } };
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return profile;
}
