//! Links: redeemed by a button and once, as sessions that end and can be taken back, in frames of named sites.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;
use webhooks_api::{Ability, Access, Api};
use webhooks_portal::{Links, Portal, links_only};
use webhooks_sender::query::AuditFilter;
use webhooks_sender::testing::TestSender;

use crate::browser::{Browser, portal, sender};

fn app(sender: &TestSender) -> Router {
    Portal::new(sender, links_only).open_by_links().at("/")
}

fn path(link: &webhooks_portal::Link) -> String {
    link.url("")
}

async fn open(browser: &mut Browser, path: &str) -> crate::browser::Page {
    let page = browser.get(path).await;
    let code = path.rsplit('/').next().expect("a code");
    browser.submit(&page, "/open", &[("code", code)]).await
}

#[tokio::test]
async fn a_link_is_redeemed_by_its_button_and_once() {
    let sender = sender().await;
    let app = app(&sender);
    let links = Links::new(&sender);
    let link = links
        .to("acct_1")
        .allow(Ability::CUSTOMER)
        .create()
        .await
        .expect("a link");
    let mut browser = Browser::new(&app, "x-nothing", "1");
    assert_eq!(
        browser.get("/subscriptions").await.status,
        StatusCode::UNAUTHORIZED
    );

    // What a mail scanner does, several times.
    for _ in 0..3 {
        let mut scanner = Browser::new(&app, "x-nothing", "1");
        let page = scanner.get(&path(&link)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(
            scanner.get("/subscriptions").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let opened = open(&mut browser, &path(&link)).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    assert!(
        !opened.header("location").contains("open"),
        "the code is not in the address any more"
    );
    let list = browser.follow(opened).await;
    assert!(list.text().contains("Add subscription") && list.text().contains("Sign out"));

    let mut late = Browser::new(&app, "x-nothing", "1");
    let page = late.get(&path(&link)).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.text().contains("This link is no longer valid"));
}

#[tokio::test]
async fn the_trail_says_who_made_a_link_and_who_ended_its_session() {
    let sender = sender().await;
    let app = app(&sender);
    let links = Links::new(&sender).by("anna");
    let mut ids = Vec::new();
    for actor in ["user 17", "user 18"] {
        let link = links.to("acct_1").allow([Ability::View]).actor(actor);
        let link = link.create().await.expect("a link");
        ids.push(link.id().to_string());
        sender.turn(Duration::from_secs(1));
        let mut browser = Browser::new(&app, "x-nothing", "1");
        let opened = open(&mut browser, &path(&link)).await;
        let page = browser.follow(opened).await;
        if actor == "user 17" {
            browser.submit(&page, "/leave", &[]).await;
            sender.turn(Duration::from_secs(1));
        }
    }
    let left = links.clone().revoke("acct_1").await.expect("taken back");
    assert_eq!(left, 1, "the session of user 18");
    let trail = sender.of("acct_1").audit(&AuditFilter::new(), 10).await;
    let trail = trail.expect("a page").items;
    let seen: Vec<_> = trail
        .iter()
        .rev()
        .map(|one| (one.action.as_str(), one.actor.as_deref(), &*one.subject))
        .collect();
    assert_eq!(
        seen,
        [
            ("grant.created", Some("anna"), &*ids[0]),
            ("grant.revoked", Some("user 17"), &*ids[0]),
            ("grant.created", Some("anna"), &*ids[1]),
            ("grant.revoked", Some("anna"), "all"),
        ]
    );
}

#[tokio::test]
async fn a_code_that_is_forged_late_or_taken_back_opens_nothing() {
    let sender = sender().await;
    let app = app(&sender);
    let links = Links::new(&sender);
    let soon = links
        .to("acct_1")
        .redeem_within(Duration::from_mins(1))
        .create()
        .await
        .expect("a link");
    let back = links.to("acct_1").create().await.expect("a link");
    assert!(
        links
            .revoke_one("acct_1", back.id())
            .await
            .expect("taken back")
    );
    sender.turn(Duration::from_secs(61));
    let mut browser = Browser::new(&app, "x-nothing", "1");
    for path in [
        path(&soon),
        path(&back),
        "/open/forged".to_owned(),
        "/open/..%2F".to_owned(),
    ] {
        assert_eq!(browser.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    // A button of one link does not open with the code of none.
    let good = links.to("acct_1").create().await.expect("a link");
    let page = browser.get(&path(&good)).await;
    let refused = browser.submit(&page, "/open", &[("code", "forged")]).await;
    assert_eq!(refused.status, StatusCode::GONE);
    let refused = browser.post("/open", &[("code", "x")]).await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "a form of another site"
    );
}

#[tokio::test]
async fn a_session_has_what_its_link_allows_and_ends_when_it_is_taken_back_left_or_over() {
    let sender = sender().await;
    let app = app(&sender);
    let links = Links::new(&sender);
    let enter = async |owner: &str| {
        let link = links
            .to(owner)
            .allow([Ability::View])
            .lasts(Duration::from_mins(10))
            .create()
            .await;
        let mut browser = Browser::new(&app, "x-nothing", "1");
        let opened = open(&mut browser, &path(&link.expect("a link"))).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        browser
    };
    let mut first = enter("acct_1").await;
    let page = first.get("/subscriptions").await;
    assert!(
        !page.text().contains("Add subscription"),
        "it may look only"
    );
    let refused = first.get("/overview").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = first
        .submit(
            &page,
            "/subscriptions/new",
            &[("target", "https://a.example/")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let (mut other, mut third) = (enter("acct_2").await, enter("acct_1").await);
    links.revoke("acct_1").await.expect("taken back");
    for browser in [&mut first, &mut third] {
        assert_eq!(
            browser.get("/subscriptions").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let page = other.get("/subscriptions").await;
    assert_eq!(page.status, StatusCode::OK);
    let session = other.cookies.clone();
    let left = other.submit(&page, "/leave", &[]).await;
    assert!(left.text().contains("You are signed out") && !left.text().contains("<nav"));
    other.cookies = session;
    assert_eq!(
        other.get("/subscriptions").await.status,
        StatusCode::UNAUTHORIZED,
        "the cookie alone is worth nothing"
    );

    let mut fourth = enter("acct_1").await;
    sender.turn(Duration::from_mins(10));
    assert_eq!(
        fourth.get("/subscriptions").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_link_for_a_frame_names_its_site_and_partitions_its_cookies() {
    let sender = sender().await;
    let app = app(&sender);
    let links = Links::new(&sender);
    let link = links
        .to("acct_1")
        .allow([Ability::View])
        .embed_in("https://app.acme.test")
        .create()
        .await
        .expect("a link");
    let mut browser = Browser::new(&app, "x-nothing", "1");
    browser
        .headers
        .insert(header::HOST, HeaderValue::from_static("hooks.acme.test"));
    let page = browser.get(&path(&link)).await;
    assert!(
        page.header("content-security-policy")
            .ends_with("frame-ancestors https://app.acme.test")
    );
    assert!(
        page.header("set-cookie")
            .ends_with("SameSite=None; Secure; Partitioned")
    );
    let opened = open(&mut browser, &path(&link)).await;
    let cookie = opened.header("set-cookie");
    assert!(cookie.starts_with("__Host-webhooks-session="), "{cookie}");
    assert!(
        cookie.contains("HttpOnly; SameSite=None; Secure; Partitioned; Max-Age=28800"),
        "{cookie}"
    );
    let list = browser.follow(opened).await;
    assert!(
        list.header("content-security-policy")
            .ends_with("frame-ancestors https://app.acme.test")
    );

    let plain = links.to("acct_1").create().await.expect("a link");
    let page = browser.get(&path(&plain)).await;
    assert!(
        page.header("content-security-policy")
            .ends_with("frame-ancestors 'none'")
    );
}

#[tokio::test]
async fn a_portal_that_links_do_not_open_has_no_entrance_for_them() {
    let sender = sender().await;
    let app = portal(&sender);
    let link = Links::new(&sender)
        .to("acct_1")
        .create()
        .await
        .expect("a link");
    let mut browser = Browser::customer(&app, "acct_1");
    assert_ne!(browser.get(&path(&link)).await.status, StatusCode::OK);
}

/// What a program in another process asks the API for, and what it gives to a customer.
#[tokio::test]
async fn a_link_that_the_api_has_made_opens_the_portal() {
    async fn operator() -> Result<Access, StatusCode> {
        Ok(Access::operator().allow(Ability::ALL))
    }
    let sender = sender().await;
    let api = Api::new(&sender, operator).portal("https://shop.example/");
    let request = Request::post("/portal-links?owner=acct_1");
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Body::from(r#"{ "abilities": ["view", "change"] }"#));
    let app: Router = api.router();
    let answer = app.oneshot(request.expect("a request")).await;
    let answer = answer.expect("an answer").into_body();
    let answer = to_bytes(answer, 1 << 20).await.expect("a body");
    let link: Value = serde_json::from_slice(&answer).expect("JSON");
    let url = link["url"].as_str().expect("a URL");
    let path = url.strip_prefix("https://shop.example").expect("its site");

    let mut browser = Browser::new(&self::app(&sender), "x-nothing", "1");
    let opened = open(&mut browser, path).await;
    let list = browser.follow(opened).await;
    assert!(list.text().contains("Add subscription"));
}
