//! GitHub's webhooks (`@octokit/openapi-webhooks`, a 3.1 document with 261 of them) joined by those of the seeds.
//!
//! `octokit FOLDER DOCUMENT` writes `before.json` and `after.json`, and fails where anything of the document is lost, or
//! where the page leaves a webhook out.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webhooks_core::Page;
use webhooks_core::openapi::{Tag, read_json};
use webhooks_core::{OpenApi, Webhooks, whpost, whroute, whview};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Subscription {
    username: String,
    monthly_fee: f64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Payment {
    title: String,
    amount: f64,
}

/// When a new user subscribes to your service we'll send you a POST request with this data.
#[whpost("new-subscription")]
async fn new_subscription(data: Subscription);

struct PaymentWebhook;

#[whview(tags = ["payments"])]
impl PaymentWebhook {
    /// Sent for each payment.
    #[whpost("new-event")]
    async fn new_event(&self, data: Payment);

    /// Sent when a payment was changed elsewhere.
    #[whroute("payment.synced", methods = ["PUT", "POST"])]
    async fn synced(&self, data: Payment);
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file] = arguments.as_slice() else {
        bail!("usage: octokit FOLDER DOCUMENT")
    };
    let text = std::fs::read_to_string(file).with_context(|| file.clone())?;
    let began = Instant::now();
    let before = read_json(&text)?;
    let read = began.elapsed();
    let webhooks = Webhooks::new()
        .with(new_subscription)
        .with(PaymentWebhook)
        .build()?;
    let info = &before["info"];
    let title = info["title"].as_str().context("the document has a title")?;
    let version = info["version"]
        .as_str()
        .context("the document has a version")?;
    let payments = Tag::new("payments").description("Money that moves.");
    let document = OpenApi::new(title, version)
        .tag(payments)
        .merge(&before)
        .webhooks(webhooks)
        .build()?;
    println!("read in {read:?}, merged after {:?}", began.elapsed());
    for warning in document.warnings() {
        println!("{warning}");
    }
    let after = document.to_value();
    let added = lost(&before, &after, "#")?;
    println!("nothing is lost; added: {}", added.join(", "));
    // A name may break at its marks: that is markup inside of it.
    let html = document.to_html(&Page::default()).replace("<wbr>", "");
    let names = after["webhooks"].as_object().context("webhooks")?.keys();
    let missing: Vec<_> = names
        .filter(|name| !html.contains(&format!(">{name}<")))
        .collect();
    ensure!(missing.is_empty(), "the page leaves out {missing:?}");
    println!(
        "the page shows all {} webhooks in {} kB",
        document.webhook_names().len(),
        html.len() / 1000
    );
    std::fs::write(Path::new(folder).join("before.json"), &text)?;
    std::fs::write(Path::new(folder).join("after.json"), document.to_json())?;
    Ok(())
}

/// Fails where something of `before` is not in `after`; returns the pointers of what is new.
fn lost(before: &Value, after: &Value, pointer: &str) -> Result<Vec<String>> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let mut added: Vec<String> = after
                .keys()
                .filter(|key| !before.contains_key(*key))
                .map(|key| format!("{pointer}/{key}"))
                .collect();
            for (key, before) in before {
                let after = after
                    .get(key)
                    .with_context(|| format!("{pointer}/{key} is lost"))?;
                added.extend(lost(before, after, &format!("{pointer}/{key}"))?);
            }
            Ok(added)
        }
        (Value::Array(before), Value::Array(after)) if pointer == "#/tags" => {
            ensure!(
                before.iter().all(|tag| after.contains(tag)),
                "a tag is lost"
            );
            Ok(after
                .iter()
                .filter(|tag| !before.contains(tag))
                .map(|tag| format!("#/tags: {}", tag["name"]))
                .collect())
        }
        (before, after) if before == after => Ok(Vec::new()),
        _ => bail!("{pointer} has changed"),
    }
}
