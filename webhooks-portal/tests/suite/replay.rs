//! What a subscription is sent again: failed, missed or everything, of exact times and of some events.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use webhooks_sender::testing::{TestAnswer, TestSender};

use crate::browser::{Browser, Page, portal, send, sender, subscribed};
use crate::retry::hidden;

/// Sends the form that counts, and waits for the number.
async fn counted(
    browser: &mut Browser,
    sender: &TestSender,
    path: &str,
    fields: &[(&str, &str)],
) -> Page {
    let form = browser.get(&format!("{path}/replay")).await;
    let asked = browser
        .submit(&form, &format!("{path}/replay/count"), fields)
        .await;
    let counting = browser.follow(asked).await;
    sender.deliver().await.expect("counted");
    browser.get(&counting.path).await
}

async fn start(browser: &mut Browser, path: &str, counted: &Page) -> Page {
    let fields = hidden(counted, &format!("../..{path}/replay"));
    let path = format!("{path}/replay");
    let started = browser.submit(counted, &path, &fields).await;
    browser.follow(started).await
}

/// A time as the field of a browser gives it.
fn local(sender: &TestSender) -> String {
    let now = jiff::Timestamp::try_from(sender.now()).expect("a time");
    now.strftime("%FT%H:%M").to_string()
}

#[tokio::test]
async fn everything_is_sent_again_also_of_exact_times_and_of_some_events() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = format!("/subscriptions/{}", subscribed(&sender).await);
    let mut times = Vec::new();
    for amount in 1..=3 {
        times.push(local(&sender));
        send(&sender, "acct_1", &json!({ "amount": amount })).await;
        sender.deliver().await.expect("delivered");
        sender.turn(Duration::from_mins(90));
    }
    sender.take_requests();
    let mut browser = Browser::customer(&app, "acct_1");
    let (second, third) = (times[1].as_str(), times[2].as_str());
    for (fields, count) in [
        (vec![("hours", "24")], 3),
        (vec![("hours", "1"), ("from", second)], 2),
        (vec![("from", second), ("until", third)], 1),
        (vec![("events", "payment.created")], 3),
        (vec![("events", "invoice.* payment.*")], 3),
        (vec![("events", "invoice.*")], 0),
        (vec![("hours", "1")], 0),
    ] {
        let fields: Vec<_> = [("what", "all")].into_iter().chain(fields).collect();
        let counted = counted(&mut browser, &sender, &path, &fields).await;
        let said = format!("Deliveries that would be sent again: {count}.");
        assert!(
            counted.text().contains(&said),
            "{fields:?}: {}",
            counted.text()
        );
        assert!(sender.take_requests().is_empty(), "it only counts");
        if count > 0 {
            start(&mut browser, &path, &counted).await;
            sender.deliver().await.expect("sent again");
            assert_eq!(sender.take_requests().len(), count, "{fields:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_counted_is_said_and_what_was_written_is_not_lost() {
    let sender = sender().await;
    let app = portal(&sender);
    let path = format!("/subscriptions/{}", subscribed(&sender).await);
    let mut browser = Browser::customer(&app, "acct_1");
    for (name, written) in [("events", "a..b"), ("until", "tomorrow")] {
        let form = browser.get(&format!("{path}/replay")).await;
        let fields = [("what", "missed"), (name, written)];
        let refused = browser
            .submit(&form, &format!("{path}/replay/count"), &fields)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        for said in [
            "It could not be counted.",
            &format!("value=\"{written}\""),
            "<option value=\"missed\" selected>",
        ] {
            assert!(refused.text().contains(said), "{said}: {}", refused.text());
        }
    }
}

#[tokio::test]
async fn a_count_of_another_subscription_is_not_found() {
    let sender = sender().await;
    let app = portal(&sender);
    let one = format!("/subscriptions/{}", subscribed(&sender).await);
    let other = format!("/subscriptions/{}", subscribed(&sender).await);
    let mut browser = Browser::customer(&app, "acct_1");
    let counted = counted(&mut browser, &sender, &one, &[("what", "failed")]).await;
    assert_eq!(counted.status, StatusCode::OK);
    let moved = counted.path.replace(&one, &other);
    assert_eq!(browser.get(&moved).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_kind_of_replay_says_what_is_being_sent() {
    let sender = sender().await;
    let app = portal(&sender);
    let first = format!("/subscriptions/{}", subscribed(&sender).await);
    send(&sender, "acct_1", &json!({ "amount": 1 })).await;
    sender.answer(TestAnswer::status(410));
    sender.deliver().await.expect("failed");
    sender.turn(Duration::from_mins(1));
    let mut browser = Browser::customer(&app, "acct_1");
    let page = browser.get(&first).await;
    browser.submit(&page, &format!("{first}/resume"), &[]).await;
    let second = format!("/subscriptions/{}", subscribed(&sender).await);
    for (path, what, said) in [
        (&first, "failed", "What failed is being sent again"),
        (&second, "missed", "What it missed is being sent"),
        (&first, "all", "Everything is being sent again"),
    ] {
        let counted = counted(&mut browser, &sender, path, &[("what", what)]).await;
        let job = start(&mut browser, path, &counted).await;
        assert!(job.text().contains(said), "{what}: {}", job.text());
        sender.deliver().await.expect("sent");
    }
}
