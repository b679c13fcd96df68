// Headless Chromium, and what every page of ours promises: nothing is loaded from another host, the
// Content-Security-Policy is strict and kept, the console stays silent.

import { chromium } from "playwright-core";

const OPTIONS = {
  executablePath: process.env.WEBHOOKS_CHROMIUM,
  // Chromium refuses its sandbox to root, which is who runs CI in a container.
  chromiumSandbox: process.getuid() !== 0,
  args: ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"],
};

export function launch() {
  return chromium.launch(OPTIONS);
}

/** A browser with the settings of a profile, as its only context. */
export function launchWith(profile) {
  return chromium.launchPersistentContext(profile, OPTIONS);
}

/** Collects what the browser reports from now on; the list grows while the page is open. */
export async function watch(page, url) {
  const found = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:")) {
      found.push(`a request to another host: ${request.url()}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error") found.push(`console error: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => found.push(`script error: ${error.message}`));
  await page.addInitScript(recordViolations);
  return found;
}

/** The violations of the policy so far; asks the page, so not without JavaScript. */
export function violations(page) {
  return page.evaluate(() => window.violations);
}

/** What is wrong with the policy that a response sets, in sentences. */
export function policyFaults(response) {
  const path = new URL(response.url()).pathname;
  if (response.status() !== 200) return [`GET ${path} answers ${response.status()}`];
  const policy = response.headers()["content-security-policy"];
  if (!policy) return ["the response has no Content-Security-Policy"];
  const lax = ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"].filter((word) => policy.split(/[\s;]+/).includes(word));
  if (lax.length > 0) return [`the Content-Security-Policy allows ${lax.join(" and ")}`];
  return policy.includes("default-src 'none'") ? [] : ["the Content-Security-Policy does not begin from default-src 'none'"];
}

/** Runs in the page before anything of the page does. */
function recordViolations() {
  window.violations = [];
  window.document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI || "inline content"}`),
  );
}
