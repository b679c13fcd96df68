//! Letting customers manage their own subscriptions.

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use webhooks_api::{Ability, Access, Api};
use webhooks_core::{Document, OpenApi};
use webhooks_sender::{Sender, Sqlite};

// README
/// Any extractor can be an argument: the session, `State`, headers.
async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let account = headers
        .get("x-account")
        .and_then(|value| value.to_str().ok());
    Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
}
// end

fn managed(sender: &Sender<Sqlite>) -> Result<(Router, Document), Box<dyn std::error::Error>> {
    let sender = sender.clone();
    // README
    let app: Router = Router::new().merge(Api::new(&sender, access).at("/webhooks"));
    let docs = OpenApi::new("Shop", "1.0.0").merge_json(&webhooks_api::document("/webhooks")?);
    // end
    Ok((app, docs.build()?))
}
