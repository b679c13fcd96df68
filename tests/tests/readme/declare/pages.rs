//! The portal for customers, the dashboard for the people who run the service.

// README
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use webhooks_api::{Ability, Access};
use webhooks_portal::{Brand, Links, Portal, links_only};
use webhooks_sender::{Error, Sender, Sqlite};

/// Who of your own people asks: here a proxy says so, which takes this header off what others send.
async fn staff(headers: HeaderMap) -> Result<Access, StatusCode> {
    let name = headers.get("x-staff").and_then(|name| name.to_str().ok());
    let name = name.ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Access::operator().allow([Ability::View]).actor(name))
}

fn pages(sender: &Sender<Sqlite>) -> Router {
    // With accounts of your own: the function `access` from above in the place of `links_only`.
    let portal = Portal::new(sender, links_only).brand(Brand::new("Shop"));
    let dashboard = Portal::new(sender, staff).documentation("/docs");
    Router::new()
        .merge(portal.open_by_links().at("/portal"))
        .merge(dashboard.at("/operator"))
}

/// For customers without a login: redeemed by a button, once, for a session that can be taken back.
async fn invitation(sender: &Sender<Sqlite>) -> Result<String, Error> {
    let link = Links::new(sender).to("acct_1").allow(Ability::CUSTOMER);
    Ok(link.create().await?.url("https://shop.example/portal"))
}
// end
