// What people do with the portal and the dashboard, by what they see: roles and names. Each story is told with JavaScript and
// without.

/** A customer who never saw it subscribes, sends a test, sees it fail, reads why, mends it and sends again. */
export async function customer(page, url) {
  const { button, link } = named(page);
  await page.goto(`${url}/portal`);
  await link("Add subscription").click();
  await check(page, "ftp://example.com/hook", "This target would be refused:");
  await check(page, `${url}/targets/warehous`, "This target would be accepted.");
  await page.getByRole("checkbox", { name: "payout.paid" }).check();
  await page.getByLabel("Description").fill("Made by a test");
  await button("Add subscription").click();
  await keepSecret(page);
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
  await untilCounted(page, "would be sent again");
  await page.goto(subscription);
  await sendExample(page);
  await page.goto(subscription);
  await link("Last 7 days").click();
  await page.getByText("The same as a table").first().click();
  const steps = await page.getByRole("table", { name: /^Deliveries: [1-9]/ }).getByRole("rowheader").count();
  if (steps !== 28) throw new Error(`a week has ${steps} steps`);
  await button("Pause").click();
  await page.getByText("Events are kept, and delivered once you resume").waitFor();
  await button("Resume").click();
  await remove(page);
  await page.goBack();
  // The page is not kept by the browser: it is asked for again, and what it was about is gone.
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
}

/** A customer behind a firewall: the messages are fetched by a program, as the page says. */
export async function fetching(page, url) {
  const { button, link } = named(page);
  await page.goto(`${url}/portal`);
  await link("Add subscription").click();
  await page.getByRole("link", { name: "Fetch the messages instead" }).click();
  await page.getByRole("radio", { name: /All events/ }).check();
  await page.getByLabel("Description").fill("Fetched by a test");
  await button("Add subscription").click();
  await keepSecret(page);
  const question = await page.getByRole("region", { name: "How to fetch its messages" }).locator("pre").first().textContent();
  const [, path, body] = /^POST (\S+)\n.*\n\n(.+)$/s.exec(question);
  await button("Send a test").click();
  await page.getByText("It waits to be fetched.").first().waitFor();
  const ask = async (body) => {
    const headers = { authorization: "Bearer acct_1", "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()).messages.map((message) => message.receipt);
  };
  const receipts = await ask(JSON.parse(body));
  if (receipts.length !== 1) throw new Error(`${receipts.length} messages were fetched`);
  await ask({ acknowledge: receipts });
  await page.goto(page.url().split("?")[0]);
  await page.getByText("The receiver has fetched and acknowledged it.").waitFor();
  await page.locator("p.lead a").click();
  await remove(page);
}

/** The people who run the service find the owner that fills the queue, hold all deliveries back, and look at the numbers. */
export async function operator(page, url, hasScripts) {
  const { button, link } = named(page);
  await page.goto(`${url}/operator`);
  const table = page.getByRole("table", { name: "Who fills the queue" });
  await table.getByRole("rowheader").first().getByRole("link").click();
  await page.getByRole("heading", { name: "Deliveries" }).waitFor();
  const owner = new URL(page.url()).searchParams.get("owner");
  const owners = await page.locator("td[data-label='Owner']").allTextContents();
  if (owners.length === 0 || owners.some((shown) => shown !== owner)) throw new Error(`the log of ${owner} shows ${owners}`);
  await page.goto(`${url}/operator/deliveries?state=failed`);
  await button("Retry what failed").click();
  await untilCounted(page, "would be tried again");
  await link("Overview").click();
  const causes = page.getByRole("table", { name: "What fails, and why" });
  await causes.getByText("it has nothing at this path").first().waitFor();
  await page.getByLabel("Find").fill("globex");
  await button("Go").click();
  await page.getByRole("heading", { name: "Deliveries" }).waitFor();
  await link("Owners").click();
  await page.getByRole("rowheader", { name: "initech" }).getByRole("link").click();
  await page.getByText("Analytics").first().waitFor();
  await pauseAll(page);
  await link("Metrics").click();
  await period(page, "Last hour", hasScripts);
  await page.getByText(/^Messages sent: [1-9]/).first().waitFor();
  await page.getByText("The same as a table").first().click();
  const rows = await page.getByRole("table", { name: /^Messages sent/ }).getByRole("rowheader").count();
  if (rows !== 12) throw new Error(`an hour has ${rows} steps`);
  await page.getByLabel("Owner").fill("no such owner");
  await button("Apply").click();
  await page.getByRole("heading", { name: "Nothing was sent in this period" }).waitFor();
  await link("Of all owners").click();
  await page.getByText(/^Attempts: [1-9]/).first().waitFor();
}

function named(page) {
  return {
    button: (name) => page.getByRole("button", { name, exact: true }),
    link: (name) => page.getByRole("link", { name, exact: true }).first(),
  };
}

/** With a script the target is checked while it is typed, without one by a button. */
async function check(page, target, said) {
  await page.getByLabel("Target").fill(target);
  const button = page.getByRole("button", { name: "Check the target" });
  if (await button.isVisible()) await button.click();
  await page.getByText(said).waitFor();
}

/** The secret is shown once. */
async function keepSecret(page) {
  await page.getByRole("heading", { name: "Your signing secret" }).waitFor();
  const secret = await page.locator(".secret code").textContent();
  if (!secret.startsWith("whsec_")) throw new Error(`the secret is ${secret}`);
  await page.getByRole("link", { name: "I have stored it" }).click();
  if ((await page.content()).includes(secret)) throw new Error("the secret is shown again");
}

/** An example of an event, edited; what is not JSON is refused and not lost. */
async function sendExample(page) {
  await page.getByRole("link", { name: "Send an example" }).click();
  const payload = page.getByLabel("Payload (JSON)");
  const example = await payload.inputValue();
  await payload.fill("{ not JSON");
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByText("This is not JSON: line 1").waitFor();
  if ((await payload.inputValue()) !== "{ not JSON") throw new Error("what was written is lost");
  await payload.fill(example.replace("125000", "4711"));
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByText("The test is on its way.").waitFor();
  await untilShown(page, "The target accepted it.");
  await page.getByText("4711").first().waitFor();
}

async function remove(page) {
  await page.getByRole("link", { name: "Remove", exact: true }).click();
  await page.getByRole("button", { name: "Remove it for good" }).click();
  await page.getByText("The subscription was removed.").waitFor();
}

async function pauseAll(page) {
  const { button, link } = named(page);
  await link("Service").click();
  await page.getByRole("rowheader", { name: "(this one)" }).waitFor();
  await link("Pause all deliveries").click();
  await page.getByRole("heading", { name: "Pause all deliveries?" }).waitFor();
  await button("Pause all deliveries now").click();
  await page.getByText("All deliveries are paused since").waitFor();
  await button("Resume all deliveries").click();
  await page.getByText("Deliveries are running again.").waitFor();
}

/** A period that is chosen applies by itself where there is a script. */
async function period(page, name, hasScripts) {
  await page.getByLabel("Period").selectOption(name);
  if (!hasScripts) await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/within=/);
}

/** A dry run counts in the background. */
async function untilCounted(page, text) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await page.getByText(text).first().isVisible()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await page.reload();
  }
  throw new Error(`"${text}" is not shown`);
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
