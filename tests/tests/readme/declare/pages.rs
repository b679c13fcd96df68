//! The portal for customers, the dashboard for the people who run the service.

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use webhooks_api::{Ability, Access};
use webhooks_portal::{Brand, Links, Portal};
use webhooks_sender::{Sender, Sqlite};

async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let account = headers.get("x-account").ok_or(StatusCode::UNAUTHORIZED)?;
    let account = account.to_str().map_err(|_| StatusCode::UNAUTHORIZED)?;
    Ok(Access::owner(account).allow(Ability::CUSTOMER))
}

async fn staff() -> Result<Access, StatusCode> {
    Ok(Access::operator().allow([Ability::View]))
}

async fn shown(sender: &Sender<Sqlite>) -> Result<(Router, String), webhooks_sender::Error> {
    let sender = sender.clone();
    // README
    let portal = Portal::new(&sender, access).brand(Brand::new("Shop"));
    let dashboard = Portal::new(&sender, staff).documentation("/docs");
    let app: Router = Router::new()
        .merge(portal.open_by_links().at("/portal"))
        .merge(dashboard.at("/operator"));

    // For customers without a login: redeemed by a button, once, for a session that can be taken back.
    let link = Links::new(&sender)
        .to("acct_1")
        .allow(Ability::CUSTOMER)
        .create()
        .await?;
    let url = link.url("https://shop.example/portal");
    // end
    Ok((app, url))
}
