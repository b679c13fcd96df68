//! Every route of the table × every ability × one's own, another's and an unknown id.

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use serde_json::json;
use webhooks_api::Ability::{self, View};
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::job;
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::testing::TestSender;

use crate::browser::{Browser, portal, send, sender};
use crate::routes::{PAGES, pages_of_customers, pages_of_operators};

struct Ids {
    subscription: String,
    message: String,
    delivery: String,
    job: String,
}

impl Ids {
    async fn of(sender: &TestSender, owner: &str) -> Self {
        let request = SubscriptionRequest::new("https://theirs.example/hook").event("*");
        let account = sender.of(owner);
        let subscribed = account.subscribe(request).await.expect("subscribed");
        send(sender, owner, &json!({ "secret": "of the owner" })).await;
        let found = account
            .deliveries(&DeliveryFilter::new(), 1)
            .await
            .expect("read");
        let other = SubscriptionRequest::new("https://theirs.example/other").event("*");
        let other = account.subscribe(other).await.expect("subscribed").id;
        let job = account
            .replay(&other, job::Replay::failed())
            .await
            .expect("a job");
        Self {
            subscription: subscribed.id.to_string(),
            message: found.items[0].message.to_string(),
            delivery: found.items[0].id.to_string(),
            job: job.id.to_string(),
        }
    }

    fn unknown(&self) -> Self {
        let other = |id: &str| id.replace(|letter: char| letter.is_ascii_digit(), "1");
        Self {
            subscription: other(&self.subscription),
            message: other(&self.message),
            delivery: other(&self.delivery),
            job: other(&self.job),
        }
    }

    fn fill(&self, path: &str) -> String {
        path.replace("{sub}", &self.subscription)
            .replace("{dlv}", &self.delivery)
            .replace("{msg}", &self.message)
            .replace("{job}", &self.job)
            .replace("{name}", "payment.created")
    }
}

async fn call(
    app: &Router,
    owner: &'static str,
    abilities: &str,
    method: &str,
    path: &str,
) -> crate::browser::Page {
    let mut browser = Browser::customer(app, owner);
    let abilities = HeaderValue::from_str(abilities).expect("a header");
    browser.headers.insert("x-abilities", abilities);
    if method == "GET" {
        return browser.get(path).await;
    }
    // Any page of the portal gives a token; this one needs no ability.
    let page = browser.get("/subscriptions/new").await;
    let token = if page.status == StatusCode::OK {
        page.token().to_owned()
    } else {
        String::new()
    };
    browser
        .post(
            path,
            &[
                ("token", &token),
                ("target", "https://a.example/"),
                ("which", "all"),
                ("revision", "1"),
            ],
        )
        .await
}

fn names() -> String {
    Ability::CUSTOMER.map(Ability::as_str).join(" ")
}

#[tokio::test]
async fn another_owners_page_is_not_found_and_shows_nothing_of_it() {
    let sender = sender().await;
    let app = portal(&sender);
    let theirs = Ids::of(&sender, "acct_a").await;
    let with_ids = pages_of_customers().filter(|(_, path, _)| path.contains('{'));
    for (method, path, _) in with_ids.filter(|(_, path, _)| !path.contains("{name}")) {
        let foreign = call(&app, "acct_b", &names(), method, &theirs.fill(path)).await;
        let missing = call(
            &app,
            "acct_b",
            &names(),
            method,
            &theirs.unknown().fill(path),
        )
        .await;
        for page in [&foreign, &missing] {
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
            for secret in ["theirs.example", "of the owner", "acct_a"] {
                assert!(
                    !page.text().contains(secret),
                    "{method} {path} shows {secret}"
                );
            }
        }
        for odd in ["x", "%00", "..%2Fa", "%F0%9F", "sub_", "%3Cscript%3E"] {
            let path = path
                .replace("{sub}", odd)
                .replace("{dlv}", odd)
                .replace("{msg}", odd)
                .replace("{job}", odd);
            let page = call(&app, "acct_b", &names(), method, &path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
    }
    for path in ["/subscriptions", "/deliveries"] {
        for query in ["", "?owner=acct_a"] {
            let page = call(&app, "acct_b", &names(), "GET", &format!("{path}{query}")).await;
            assert!(!page.text().contains("theirs.example"), "{path}{query}");
        }
    }
    let own = call(
        &app,
        "acct_a",
        &names(),
        "GET",
        &theirs.fill("/subscriptions/{sub}"),
    )
    .await;
    assert!(own.text().contains("theirs.example"), "nothing was changed");
}

#[tokio::test]
async fn each_page_asks_for_its_ability_and_for_no_other_than_that_and_view() {
    let sender = sender().await;
    let app = portal(&sender);
    for (method, path, needed) in pages_of_customers() {
        let ids = Ids::of(&sender, "acct_a").await;
        for ability in Ability::CUSTOMER {
            // Forms need a page to come from.
            let abilities = if method == "POST" {
                format!("view {ability}")
            } else {
                ability.to_string()
            };
            let page = call(&app, "acct_a", &abilities, method, &ids.fill(path)).await;
            let is_allowed = ability == needed;
            // Payloads need an ability of their own, which this page finds out when it has nothing to give.
            let is_payload = path.ends_with("/payload");
            if is_payload || (method == "POST" && ability == View) {
                assert!(
                    !page.text().contains("of the owner"),
                    "{path} with {ability}"
                );
                continue;
            }
            assert_eq!(
                page.status != StatusCode::FORBIDDEN,
                is_allowed,
                "{method} {path} with {ability}: {}",
                page.status
            );
        }
    }
}

#[tokio::test]
async fn what_may_not_be_done_has_no_button_and_payloads_are_hidden() {
    let sender = sender().await;
    let app = portal(&sender);
    let ids = Ids::of(&sender, "acct_a").await;
    let looked = |abilities: &'static str, path: &str| {
        let (app, path) = (app.clone(), ids.fill(path));
        async move { call(&app, "acct_a", abilities, "GET", &path).await }
    };
    let page = looked("view", "/subscriptions/{sub}").await;
    assert!(!page.text().contains("<form"), "{}", page.text());
    let page = looked("view", "/deliveries/{dlv}").await;
    assert!(!page.text().contains("<form") && !page.text().contains("of the owner"));
    assert!(
        page.text()
            .contains("Payloads and answers are hidden from you.")
    );
    let page = looked("view payload", "/deliveries/{dlv}").await;
    assert!(page.text().contains("of the owner"));
    let file = looked("view payload", "/deliveries/{dlv}/payload").await;
    assert_eq!(file.bytes, br#"{"secret":"of the owner"}"#);
}

#[tokio::test]
async fn the_operators_pages_are_for_operators_with_their_ability_and_for_no_customer() {
    let sender = sender().await;
    let app = portal(&sender);
    for (method, path, needed) in pages_of_operators() {
        let page = call(&app, "acct_a", &names(), method, path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{method} {path}");
        for abilities in ["view", "view change", "view replay test secret payload"] {
            let mut operator = Browser::operator(&app);
            operator
                .headers
                .insert("x-abilities", HeaderValue::from_static(abilities));
            let page = if method == "GET" {
                operator.get(path).await
            } else {
                let form = operator.get("/subscriptions/new").await;
                operator.submit(&form, path, &[]).await
            };
            let is_allowed = abilities.split(' ').any(|name| name == needed.as_str());
            assert_eq!(
                page.status != StatusCode::FORBIDDEN,
                is_allowed,
                "{method} {path} with {abilities}: {}",
                page.status
            );
            let has_button = page.text().contains("formaction")
                || page.text().contains("action=\"../service")
                || page.text().contains("action=\"./service");
            assert!(
                is_allowed && abilities.contains("change") || !has_button,
                "{path} with {abilities}"
            );
        }
    }
}

#[tokio::test]
async fn strangers_are_asked_to_sign_in() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut stranger = Browser::new(&app, "x-nothing", "1");
    for (method, path, _) in PAGES {
        let page = if method == "GET" {
            stranger.get(path).await
        } else {
            stranger.post(path, &[]).await
        };
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert!(!page.text().contains("<nav"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_foreign_id_in_a_form_is_not_found_either() {
    let sender = sender().await;
    let app = portal(&sender);
    let theirs = Ids::of(&sender, "acct_a").await;
    let mut browser = Browser::customer(&app, "acct_b");
    let form = browser.get("/subscriptions/new").await;
    let fields = [
        ("target", "https://a.example/"),
        ("id", theirs.subscription.as_str()),
    ];
    let page = browser.submit(&form, "/subscriptions/check", &fields).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.text().contains("theirs.example"));
    let attempt = format!(
        "/deliveries/{}?attempt={}.0.1",
        theirs.delivery, theirs.delivery
    );
    assert_eq!(browser.get(&attempt).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn payloads_are_hidden_from_operators_unless_the_application_shows_them() {
    let sender = sender().await;
    let ids = Ids::of(&sender, "acct_a").await;
    let path = ids.fill("/deliveries/{dlv}");
    let hidden = portal(&sender);
    let page = Browser::operator(&hidden).get(&path).await;
    assert!(!page.text().contains("of the owner") && page.text().contains("acct_a"));
    let file = Browser::operator(&hidden)
        .get(&format!("{path}/payload"))
        .await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
    let portal = webhooks_portal::Portal::new(&sender, crate::browser::access);
    let shown = portal.show_payloads().at("/");
    let page = Browser::operator(&shown).get(&path).await;
    assert!(page.text().contains("of the owner"));
}
