//! What failed and the log's filter finds, tried again: counted first, then as one job.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use serde_json::json;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Sender, SubscriptionRequest};

use crate::browser::{Browser, Page, catalogue, portal, send};

const BROKEN: &str = "https://broken.example/hook";
const MISSING: &str = "https://missing.example/hook";

/// A sender that tries once, with a target that answers 500 and one that answers 404.
async fn failing(owners: &[&str]) -> (TestSender, Router) {
    let sender = Sender::testing().webhooks(catalogue());
    let sender = sender.set(|builder| builder.retries(RetrySchedule::new([])));
    let sender = sender.start().await.expect("a sender");
    for (target, status) in [(BROKEN, 500), (MISSING, 404)] {
        sender.answer_at(target, TestAnswer::status(status));
        for owner in owners {
            let request = SubscriptionRequest::new(target).event("*");
            let subscribed = sender.of(owner).subscribe(request).await;
            subscribed.expect("subscribed");
        }
    }
    let app = portal(&sender);
    (sender, app)
}

async fn fail(sender: &TestSender, owner: &str) {
    send(sender, owner, &json!({ "amount": 1 })).await;
    sender.deliver().await.expect("tried");
    sender.take_requests();
}

/// The hidden fields of a form, but for its token.
pub(crate) fn hidden<'p>(page: &'p Page, action: &str) -> Vec<(&'p str, &'p str)> {
    let form = format!("action=\"{action}\">");
    let (_, form) = page.text().split_once(&form).expect("the form");
    let form = form.split("</form>").next().expect("its end");
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let pair = |input: &'p str| {
        let (name, rest) = input.split_once("\" value=\"").expect("a value");
        (name, rest.split('"').next().expect("its end"))
    };
    inputs
        .map(pair)
        .filter(|(name, _)| *name != "token")
        .collect()
}

/// Presses the button of a log, and waits for the number.
async fn counted(browser: &mut Browser, sender: &TestSender, log: &str) -> Page {
    let log = browser.get(log).await;
    let fields = hidden(&log, "./deliveries/retry/count");
    let asked = browser
        .submit(&log, "/deliveries/retry/count", &fields)
        .await;
    let counting = browser.follow(asked).await;
    assert!(
        counting.text().contains("Counting. Found so far: 0.")
            && counting.text().contains("data-refresh"),
        "{}",
        counting.text()
    );
    sender.deliver().await.expect("counted");
    browser.get(&counting.path).await
}

async fn start(browser: &mut Browser, counted: &Page) -> Page {
    let fields = hidden(counted, "../deliveries/retry");
    let started = browser.submit(counted, "/deliveries/retry", &fields).await;
    browser.follow(started).await
}

#[tokio::test]
async fn what_failed_and_the_log_shows_is_counted_and_then_tried_again() {
    let (sender, app) = failing(&["acct_1"]).await;
    fail(&sender, "acct_1").await;
    fail(&sender, "acct_1").await;
    let mut browser = Browser::customer(&app, "acct_1");
    let log = "/deliveries?status=5xx&event=payment.*";
    let counted = counted(&mut browser, &sender, log).await;
    for said in [
        "Failed deliveries that would be tried again: 2.",
        "Retry 2 now",
        "<code>5xx</code>",
        "<code>payment.*</code>",
        "href=\"../deliveries?event=payment.*&amp;status=5xx\"",
    ] {
        assert!(counted.text().contains(said), "{said}: {}", counted.text());
    }
    assert!(sender.take_requests().is_empty(), "it only counts");

    sender.answer_at(BROKEN, TestAnswer::status(204));
    let job = start(&mut browser, &counted).await;
    let said = "What failed is being tried again, in the background.";
    assert!(job.text().contains(said), "{}", job.text());
    sender.deliver().await.expect("tried again");
    assert_eq!(sender.requests_to(BROKEN).len(), 2);
    assert_eq!(sender.requests_to(MISSING).len(), 0);
    let log = browser.get("/deliveries?state=failed").await;
    assert_eq!(log.text().matches(">https://<wbr>missing.").count(), 2);
    assert!(
        !log.text().contains(">https://<wbr>broken."),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_span_that_was_counted_does_not_move_until_the_button_is_pressed() {
    let (sender, app) = failing(&["acct_1"]).await;
    fail(&sender, "acct_1").await;
    sender.turn(Duration::from_mins(90));
    fail(&sender, "acct_1").await;
    sender.turn(Duration::from_mins(50));
    let mut browser = Browser::customer(&app, "acct_1");
    let log = "/deliveries?within=1h";
    let counted = counted(&mut browser, &sender, log).await;
    let said = "Failed deliveries that would be tried again: 2.";
    assert!(counted.text().contains(said), "{}", counted.text());
    sender.turn(Duration::from_mins(50));
    start(&mut browser, &counted).await;
    sender.deliver().await.expect("tried again");
    assert_eq!(sender.requests().len(), 2);
}

#[tokio::test]
async fn an_operator_retries_what_failed_for_one_owner_or_for_all() {
    let (sender, app) = failing(&["acct_1", "acct_2"]).await;
    fail(&sender, "acct_1").await;
    fail(&sender, "acct_2").await;
    let mut browser = Browser::operator(&app);
    for (log, shown, count) in [
        ("/deliveries?owner=acct_2&state=failed", "acct_2", 2),
        ("/deliveries", "Of all owners", 4),
    ] {
        let counted = counted(&mut browser, &sender, log).await;
        let said = format!("Failed deliveries that would be tried again: {count}.");
        assert!(counted.text().contains(&said), "{}", counted.text());
        assert!(counted.text().contains(shown), "{}", counted.text());
        start(&mut browser, &counted).await;
        sender.deliver().await.expect("tried again");
        assert_eq!(sender.take_requests().len(), count, "{log}");
    }
}

#[tokio::test]
async fn it_is_offered_where_the_log_shows_what_failed_and_to_those_who_may() {
    let (sender, app) = failing(&["acct_1"]).await;
    let mut browser = Browser::customer(&app, "acct_1");
    let button = "Retry what failed";
    let empty = browser.get("/deliveries").await;
    assert!(!empty.text().contains(button), "there is nothing");
    fail(&sender, "acct_1").await;
    sender.answer_at(BROKEN, TestAnswer::status(204));
    fail(&sender, "acct_1").await;
    for (log, is_offered) in [
        ("/deliveries", true),
        ("/deliveries?state=delivered&state=failed", true),
        ("/deliveries?state=delivered", false),
        ("/deliveries?status=2xx", true),
    ] {
        let log_page = browser.get(log).await;
        assert_eq!(log_page.text().contains(button), is_offered, "{log}");
    }
    let other = browser.get("/deliveries/retry?state=delivered").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text().contains("This filter leaves out what failed."));
    let page = browser.get("/deliveries").await;
    for (path, field) in [
        ("/deliveries/retry/count", ("event", "a..b")),
        ("/deliveries/retry", ("from", "yesterday")),
    ] {
        let refused = browser.submit(&page, path, &[field]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let view = HeaderValue::from_static("view");
    browser.headers.insert("x-abilities", view);
    let log = browser.get("/deliveries").await;
    assert!(!log.text().contains(button));
}

#[tokio::test]
async fn what_is_not_a_count_of_ones_own_is_not_found() {
    let (sender, app) = failing(&["acct_1", "acct_2"]).await;
    fail(&sender, "acct_1").await;
    let mut browser = Browser::customer(&app, "acct_1");
    let counted = counted(&mut browser, &sender, "/deliveries").await;
    let theirs = Browser::customer(&app, "acct_2").get(&counted.path).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    let job = start(&mut browser, &counted).await;
    let id = job.path.trim_start_matches("/jobs/");
    let id = id.split('?').next().expect("an id");
    let started = browser.get(&format!("/deliveries/retry?count={id}")).await;
    assert_eq!(started.status, StatusCode::NOT_FOUND);
    let nothing = browser.get("/deliveries/retry").await;
    assert!(nothing.text().contains(">Count<"), "{}", nothing.text());
}
