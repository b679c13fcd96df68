//! Forms: of this browser, of this visitor, once; and two tabs that do not undo each other's changes.

use axum::http::{HeaderValue, StatusCode};

use crate::browser::{Browser, portal, sender, subscribed};

async fn subscription(sender: &webhooks_sender::Sender<webhooks_sender::Sqlite>) -> String {
    format!("/subscriptions/{}", subscribed(sender).await)
}

#[tokio::test]
async fn a_form_without_a_token_of_this_browser_and_visitor_changes_nothing() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = subscription(&sender).await;
    let pause = format!("{path}/pause");
    let mut own = Browser::customer(&app, "acct_1");
    let page = own.get(&path).await;

    let mut others = Browser::customer(&app, "acct_1");
    let foreign_page = others.get(&path).await;
    let mut another_visitor = Browser::customer(&app, "acct_2");
    another_visitor.cookies = own.cookies.clone();
    let refused = [
        own.post(&pause, &[]).await,
        own.post(&pause, &[("token", "")]).await,
        own.post(&pause, &[("token", foreign_page.token())]).await,
        another_visitor.submit(&page, &pause, &[]).await,
    ];
    for page in refused {
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text().contains("This form is no longer valid"));
    }
    let mut forged = own.clone();
    forged
        .headers
        .insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
    assert_eq!(
        forged.submit(&page, &pause, &[]).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(
        own.get(&path).await.text().contains("Active"),
        "nothing was changed"
    );

    assert_eq!(
        own.submit(&page, &pause, &[]).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_subscription() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    let form = browser.get("/subscriptions/new").await;
    let fields = [("target", "https://example.com/hook"), ("which", "all")];
    let first = browser.submit(&form, "/subscriptions/new", &fields).await;
    let second = browser.submit(&form, "/subscriptions/new", &fields).await;
    assert_eq!(
        (first.status, second.status),
        (StatusCode::OK, StatusCode::CONFLICT)
    );
    assert!(second.text().contains("Nothing was done a second time."));
    let all = sender
        .of("acct_1")
        .subscriptions(None, 10)
        .await
        .expect("read");
    assert_eq!(all.items.len(), 1);
}

#[tokio::test]
async fn the_second_of_two_tabs_is_told_apart_and_decides() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = subscription(&sender).await;
    let edit = format!("{path}/edit");
    let mut browser = Browser::customer(&app, "acct_1");
    let (one, two) = (browser.get(&edit).await, browser.get(&edit).await);
    let revision = one.after("name=\"revision\" value=\"").to_owned();
    let fields = |target: &'static str| [("target", target), ("which", "all"), ("revision", "")];
    let with_revision = |target, revision| {
        let mut fields = fields(target);
        fields[2].1 = revision;
        fields
    };
    let saved = browser
        .submit(
            &one,
            &edit,
            &with_revision("https://one.example/", &revision),
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let overtaken = browser
        .submit(
            &two,
            &edit,
            &with_revision("https://two.example/", &revision),
        )
        .await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT);
    assert!(overtaken.text().contains("It was changed in the meantime"));
    assert!(
        overtaken.text().contains("https://two.example/"),
        "what was written is not lost"
    );
    let newer = overtaken.after("name=\"revision\" value=\"").to_owned();
    assert_ne!(newer, revision);
    let decided = browser
        .submit(
            &overtaken,
            &edit,
            &with_revision("https://two.example/", &newer),
        )
        .await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_the_sender_refuses_comes_back_with_the_form() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    for (target, pattern, said) in [
        (
            "https://10.0.0.1/hook",
            "*",
            "the target is not on the public internet",
        ),
        ("ftp://example.com", "*", "target"),
        (
            "https://example.com/hook",
            "payment.creatd",
            "there is no event `payment.creatd`; did you mean `payment.created`?",
        ),
    ] {
        let form = browser.get("/subscriptions/new").await;
        let fields = [("target", target), ("which", "some"), ("patterns", pattern)];
        let refused = browser.submit(&form, "/subscriptions/new", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        assert!(refused.text().contains("role=\"alert\""));
        assert!(
            refused.text().contains(said),
            "{target}: {}",
            refused.text()
        );
        assert!(
            refused.text().contains(&format!("value=\"{target}\"")),
            "{target}"
        );
    }
    let form = browser.get("/subscriptions/new").await;
    let large = "x".repeat(100_000);
    let refused = browser
        .submit(&form, "/subscriptions/new", &[("target", &large)])
        .await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn going_back_after_removing_shows_what_is_so() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = subscription(&sender).await;
    let mut browser = Browser::customer(&app, "acct_1");
    let asked = browser.get(&format!("{path}/remove")).await;
    assert!(asked.text().contains("Remove this subscription?"));
    let removed = browser.submit(&asked, &format!("{path}/remove"), &[]).await;
    let list = browser.follow(removed).await;
    assert!(list.text().contains("The subscription was removed."));
    let gone = browser.get(&path).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.text().contains("To the subscriptions"));
}
