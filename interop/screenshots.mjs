// The README's pictures of the portal and the dashboard, taken from the running example `payments-delivered`.

import { join } from "node:path";
import { launch } from "./browser.mjs";

const WIDE = { width: 1280, height: 800 };

const [url, pictures] = process.argv.slice(2);
const browser = await launch();
try {
  // The example lets events happen; after a while there is something to see of each kind.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await take("subscriptions", { viewport: WIDE, colorScheme: "light" }, (page) => page.goto(`${url}/portal`));
  await take("delivery", { viewport: WIDE, colorScheme: "light" }, async (page) => {
    await page.goto(`${url}/portal/deliveries?state=failed`);
    await page.getByRole("row").filter({ hasText: "crm" }).first().getByRole("link").click();
  });
  await take("dashboard", { viewport: { width: 1280, height: 1180 }, colorScheme: "dark" }, (page) => page.goto(`${url}/operator`));
  await take("phone", { viewport: { width: 390, height: 800 }, colorScheme: "light" }, async (page) => {
    await page.goto(`${url}/portal`);
    await page.getByRole("link", { name: /crm/ }).click();
  });
} finally {
  await browser.close();
}

async function take(name, options, go) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await go(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await context.close();
}
