//! What the page of a subscription says of its settings.

use std::time::Duration;

use webhooks_sender::SubscriptionRequest;
use webhooks_sender::subscription::{Authentication, ClientCredentials, Verification};
use webhooks_sender::testing::TestSender;

use crate::browser::{Browser, Page, portal, sender};

async fn page_of(sender: &TestSender, request: SubscriptionRequest) -> Page {
    let subscribed = sender.of("acct_1").subscribe(request).await;
    let id = subscribed.expect("subscribed").id;
    let app = portal(sender);
    let mut browser = Browser::customer(&app, "acct_1");
    browser.get(&format!("/subscriptions/{id}")).await
}

fn request() -> SubscriptionRequest {
    SubscriptionRequest::new("https://example.com/hook").event("*")
}

#[tokio::test]
async fn the_kind_of_authentication_is_shown_and_never_its_secrets() {
    let sender = sender().await;
    let tokens = ClientCredentials::new("https://id.example/token", "id-17", "hunter2");
    for (authentication, said) in [
        (Authentication::basic("id-17", "hunter2"), "HTTP Basic"),
        (Authentication::bearer("hunter2"), "A bearer token."),
        (Authentication::OAuth2(tokens), "OAuth 2.0"),
    ] {
        let page = page_of(&sender, request().authentication(authentication)).await;
        assert!(page.text().contains(said), "{said}: {}", page.text());
        for secret in ["hunter2", "id-17", "id.example"] {
            assert!(!page.text().contains(secret), "{secret}: {}", page.text());
        }
    }
    let plain = page_of(&sender, request()).await;
    for label in ["Authentication", "Client certificate", "Proof", "Expires"] {
        assert!(!plain.text().contains(label), "{label}: {}", plain.text());
    }
}

#[tokio::test]
async fn the_end_and_the_proof_that_is_waited_for_are_shown() {
    let sender = sender().await;
    let end = sender.now() + Duration::from_mins(90);
    let wanted = request()
        .expires_at(end)
        .verification(Verification::Challenge);
    let page = page_of(&sender, wanted).await;
    let time = jiff::Timestamp::try_from(end).expect("a time");
    let time = time.strftime("%F %T").to_string();
    for said in [
        "Expires",
        &time,
        "in 1 hr.",
        "It answers with the text that it was asked for.",
        "Not verified</span></dd>",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
}
