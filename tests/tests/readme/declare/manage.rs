//! Letting customers manage their own subscriptions.

// README
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use webhooks_api::{Ability, Access, Api};
use webhooks_core::{BuildError, OpenApi};
use webhooks_sender::{Sender, Sqlite};

/// Any extractor can be an argument: the session, `State`, headers.
async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let account = headers
        .get("x-account")
        .and_then(|value| value.to_str().ok());
    Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
}

fn managed(sender: &Sender<Sqlite>) -> Result<Router, BuildError> {
    let docs = OpenApi::new("Shop", "1.0.0")
        .webhooks(sender.catalogue().clone())
        .delivery(sender.delivery_terms()) // time limit, retries, order: from the sender's settings
        .merge_json(&webhooks_api::customer_document("/webhooks")?);
    let api = Api::new(sender, access).at("/webhooks");
    Ok(Router::new().merge(api).merge(docs.router()?))
}
// end
