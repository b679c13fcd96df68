// The `curl` commands of a documentation page, run as the page has them against a receiver that verifies with the library
// of Standard Webhooks. A page whose webhooks are not signed in that way has none.

import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";

const ON_THE_PAGE = "http://localhost:8000/webhooks";

/** What is wrong with the commands, in sentences. */
export async function samples(browser, url) {
  const page = await browser.newPage();
  await page.goto(`${url}/docs`, { waitUntil: "load" });
  const blocks = await page.$$eval("main pre", (blocks) => blocks.map((block) => block.textContent));
  await page.close();
  const scripts = blocks.filter((text) => text.startsWith("secret="));
  const secret = /^secret='(whsec_[^']+)'/.exec(scripts[0] ?? "")?.[1];
  if (!secret) return [];
  const found = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      try {
        new Webhook(secret).verify(Buffer.concat(chunks), request.headers);
        response.writeHead(204).end();
      } catch (error) {
        found.push(`a receiver refuses a curl command of the page: ${error.message}`);
        response.writeHead(401).end();
      }
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}/webhooks`;
  for (const script of scripts) {
    const { stdout } = await promisify(execFile)("sh", ["-c", script.replaceAll(ON_THE_PAGE, address)]);
    if (!stdout.includes("204 No Content")) found.push(`a curl command of the page is answered ${stdout.split("\n")[0]}`);
  }
  server.close();
  return [...new Set(found)];
}
