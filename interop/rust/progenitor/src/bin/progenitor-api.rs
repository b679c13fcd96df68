//! The client that progenitor makes of the management API, against a running one: what a customer does.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use reqwest::header::{AUTHORIZATION, HeaderMap};

include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// Where the application is, and the token of a customer.
fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments
        .next()
        .context("the application's URL is missing")?;
    let token = arguments.next().context("a token is missing")?;
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .build()?;
    let client = Client::new_with_client(&url, http);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build()?.block_on(uses(&client))?;
    println!("progenitor: its client makes, reads, changes and removes a subscription");
    Ok(())
}

async fn uses(client: &Client) -> Result<()> {
    let labels = HashMap::from([("made_by".to_owned(), "progenitor".to_owned())]);
    let wanted = types::SubscriptionRequest::builder()
        .target("https://example.com/hook")
        .events(vec!["payment.*".to_owned()])
        .labels(labels);
    let made = client.webhooks_post_subscriptions().body(wanted);
    let made = made.send().await?.into_inner();
    ensure!(made.secret.is_some(), "the secret is shown once");
    let id = made.id.to_string();
    let read = client.webhooks_get_subscriptions_id().id(&id);
    let read = read.send().await?.into_inner();
    ensure!(read.labels["made_by"] == "progenitor", "{:?}", read.labels);
    let patch = types::SubscriptionPatch::builder().description(Some("new".to_owned()));
    let changed = client.webhooks_patch_subscriptions_id().id(&id).body(patch);
    let changed = changed.send().await?.into_inner();
    let text = changed.description.as_deref();
    ensure!(text == Some("new"), "{text:?}");
    let list = client.webhooks_get_deliveries().limit(1u32).send().await?;
    ensure!(list.data.len() <= 1, "a list is a page");
    let removed = client.webhooks_delete_subscriptions_id().id(&id);
    removed.send().await?;
    let gone = client.webhooks_get_subscriptions_id().id(&id).send().await;
    let status = gone.err().and_then(|error| error.status());
    ensure!(status == Some(reqwest::StatusCode::NOT_FOUND), "{status:?}");
    Ok(())
}
