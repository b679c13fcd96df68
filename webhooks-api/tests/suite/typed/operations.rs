//! Each operation, by the client's method for it.

use std::time::Duration;

use serde_json::json;
use webhooks_api::Ability;
use webhooks_api::answer::{PortalLinkRequest, ProblemKind, SubscriptionPatch};
use webhooks_api::client::{
    AttemptList, AuditList, DeliveryList, JobList, MessageList, StatisticsRequest, SubscriptionList,
};
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::job::{BulkRetry, JobState, Replay, ReplayId};
use webhooks_sender::query::{DeliveryState, Poll};
use webhooks_sender::subscription::{
    Authentication, ClientCertificate, StoredSubscription, SubscriptionState,
};
use webhooks_sender::testing::TestAnswer;

use super::{client, wanted};
use crate::client::{Caller, Service};

/// Every operation of the document is called, and what it answers is read as its type.
#[expect(clippy::too_many_lines, reason = "an operation a line, or two")]
#[tokio::test]
async fn every_operation_has_a_method_of_the_client() {
    let service = Service::start().await;
    let (client, noted) = client(&service, &Caller::operator());
    let all = client.clone();
    let client = client.of("acct_1");

    let events = client.events().await.expect("events");
    assert!(events.iter().any(|event| event.name == "payment.created"));
    let event = client.event("payment.created").await.expect("an event");
    assert!(event.schema.is_some());
    client
        .event_samples("payment.created")
        .await
        .expect("samples");

    let made = client.create_subscription(&wanted()).await.expect("made");
    let id = made.id;
    let patch = SubscriptionPatch::new()
        .description("new")
        .label("by", "client");
    let read = client.subscription(&id).await.expect("read");
    let changed = client.change_subscription(&id, &patch, Some(read.tag()));
    let changed = changed.await.expect("changed");
    assert_eq!(changed.settings.description, "new");
    assert_eq!(changed.settings.labels["by"], "client");
    client.pause(&id).await.expect("paused");
    let paused = client.subscriptions(SubscriptionList::new().state(SubscriptionState::Paused));
    assert_eq!(paused.all(10).await.expect("a list").len(), 1);
    client.activate(&id).await.expect("activated");
    let secret = client.rotate_secret(&id, Some(Duration::ZERO)).await;
    assert_ne!(Some(secret.expect("a secret")), made.secret);
    client.end_grace(&id).await.expect("ended");
    client
        .test_subscription(&id, Some("payment.created"))
        .await
        .expect("a test");

    service
        .transport
        .answer(TestAnswer::status(500).body("broken"));
    let payload = json!({ "amount": 7 });
    let once = client.once("order 7");
    let sent = once.send("payment.created", &payload, &[("order", "7")]);
    let sent = sent.await.expect("sent");
    let again = once.send("payment.created", &payload, &[("order", "7")]);
    let again = again.await.expect("sent");
    assert_eq!((again.id.clone(), again.repeated), (sent.id.clone(), true));
    service.sender.deliver().await.expect("delivered");
    let filter = MessageList::new()
        .event("payment.*")
        .label("order", "7")
        .with_payloads();
    let messages = client.messages(filter).all(10).await.expect("messages");
    assert_eq!(messages.len(), 1);
    let message = client
        .message_with_payload(&sent.id)
        .await
        .expect("a message");
    assert_eq!(message, messages[0]);
    assert_eq!(message.body.as_deref(), Some(&b"{\"amount\":7}"[..]));
    assert_eq!(
        client.message(&sent.id).await.expect("a message").body,
        None
    );
    let deliveries = client.deliveries_of_message(&sent.id).all(10).await;
    let delivery = deliveries.expect("deliveries").remove(0);
    let filter = DeliveryList::new()
        .subscription(&id)
        .state(delivery.state)
        .event("payment.*");
    let listed = client.deliveries(filter).all(10).await.expect("deliveries");
    assert!(listed.contains(&client.delivery(&delivery.id).await.expect("a delivery")));
    let attempts = client
        .attempts_of_delivery(&delivery.id)
        .await
        .expect("attempts");
    let attempt = client.attempt(&attempts[0].id).await.expect("an attempt");
    assert_eq!(attempt, attempts[0]);
    let whole = client
        .attempt_with_response(&attempt.id)
        .await
        .expect("an attempt");
    assert_eq!(whole.status, attempt.status);
    let request = client.request_of_attempt(&attempt.id).await;
    assert_eq!(request.expect("a request").method, "POST");
    let list = AttemptList::new()
        .message(&sent.id)
        .status("2xx")
        .status("5xx");
    assert_eq!(
        client.attempts(list).all(10).await.expect("attempts").len(),
        1
    );
    let of_subscription = client.attempts_of_subscription(&id).all(10).await;
    assert!(of_subscription.expect("attempts").len() >= 2);
    assert!(
        !client
            .samples_of_subscription(&id, None)
            .await
            .expect("samples")
            .is_empty()
    );
    let statistics = StatisticsRequest::new().step(Duration::from_hours(2));
    let statistics = client
        .statistics(&id, statistics)
        .await
        .expect("statistics");
    assert_eq!(statistics.steps.len(), 12);
    client.missed(&id, None).all(10).await.expect("missed");

    client.retry(&delivery.id).await.expect("retried");
    service.sender.deliver().await.expect("delivered");
    let pending = client
        .send("payment.created", &payload, &[])
        .await
        .expect("sent");
    let pending = client
        .deliveries_of_message(&pending.id)
        .all(1)
        .await
        .expect("one");
    client.cancel(&pending[0].id).await.expect("cancelled");
    let cancelled = client.delivery(&pending[0].id).await.expect("a delivery");
    assert_eq!(cancelled.state, DeliveryState::Cancelled);
    let replayed = client
        .replay_message_to(&sent.id, std::slice::from_ref(&id))
        .await;
    assert_eq!(
        replayed.expect("replayed").deliveries.map(|ids| ids.len()),
        Some(1)
    );
    let replayed = client
        .replay_message(&sent.id, ReplayId::Same)
        .await
        .expect("replayed");
    let job = replayed.job.expect("a job");
    assert_eq!(client.job(&job.id).await.expect("a job").id, job.id);
    client.cancel_job(&job.id).await.expect("cancelled");
    client
        .replay(&id, &Replay::all().dry_run())
        .await
        .expect("counted");
    service.sender.deliver().await.expect("delivered");
    let finished = client
        .jobs(JobList::new().state(JobState::Finished))
        .all(10)
        .await;
    assert!(!finished.expect("jobs").is_empty());
    client.erase_payload(&sent.id).await.expect("erased");
    let audit = client
        .audit(AuditList::new().subject(id.as_str()))
        .all(50)
        .await;
    assert!(
        audit
            .expect("changes")
            .iter()
            .any(|entry| entry.action == "subscription.changed")
    );

    let hook = client
        .create_hook("https://example.com/zap", "payment.created", None)
        .await;
    let hook = hook.expect("a hook");
    assert!(client.hook(&hook.id).await.expect("a hook").active);
    assert_eq!(client.hooks().all(10).await.expect("hooks").len(), 2);
    client.remove_hook(&hook.id).await.expect("removed");

    let wanted = wanted();
    let kept = client.keep_subscription("crm/1", &wanted, None).await;
    let kept = kept.expect("kept");
    let again = client.keep_subscription("crm/1", &wanted, Some(kept.tag()));
    let again = again.await.expect("kept");
    assert_eq!((&again.id, again.repeated), (&kept.id, true));
    let features = client.subscription_features().await.expect("features");
    assert_eq!(features["limits"]["events"], 100);
    let job = client.retry_all(&BulkRetry::failed().dry_run()).await;
    assert!(job.expect("counted").dry_run);
    let fetched = SubscriptionRequest::poll().event("*");
    let fetched = client.create_subscription(&fetched).await.expect("made").id;
    let answer = client.poll(&fetched, &Poll::new().limit(1)).await;
    assert_eq!(answer.expect("an answer").messages, []);
    let day = StatisticsRequest::new;
    let sent = client.messages_sent(day()).await.expect("numbers");
    assert_eq!(sent.steps.len(), 24);
    client.deliveries_ended(day()).await.expect("numbers");
    client.attempts_made(day()).await.expect("numbers");

    assert_eq!(all.owners().all(10).await.expect("owners").len(), 1);
    all.processes().await.expect("processes");
    all.sealing_keys().await.expect("keys");
    all.static_subscriptions().await.expect("subscriptions");
    all.retention().await.expect("a retention");
    all.pause_all().await.expect("held back");
    assert!(all.pause_of_all().await.expect("a pause").is_some());
    all.resume_all().await.expect("they go on");
    let link = PortalLinkRequest::new([Ability::View]).actor("user 17");
    let link = client.create_portal_link(&link).await.expect("a link");
    assert_eq!((link.code.len(), link.url), (43, None));
    assert_eq!(client.revoke_portal_links().await.expect("revoked"), 1);
    let target = client.check_target("https://example.com").await;
    assert_eq!(target.expect("a target"), "https://example.com/");

    all.queue().await.expect("a queue");
    assert!(all.health().await.expect("health").ok);
    assert_eq!(
        client.sources().await.expect("sources").addresses(),
        ["192.0.2.0/24"]
    );
    client.public_keys().await.expect("keys");
    let read = client.subscription(&id).await.expect("read");
    client
        .remove_subscription(&id, Some(read.tag()))
        .await
        .expect("removed");
    let document = client.document().await.expect("a document");

    // It is asked, and hears nothing: what it hears is another test's.
    let mut live = client.live();
    let heard = tokio::time::timeout(Duration::from_millis(1), live.next()).await;
    assert!(heard.is_err(), "{heard:?}");
    let asked = noted.asked.lock().expect("not poisoned").clone();
    let mut missing = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            let method = method.to_uppercase();
            if !asked
                .iter()
                .any(|(by, of)| *by == method && is_of(of, path))
            {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "the client has no method for {missing:?}"
    );
}

/// Whether a path is one of a template, and of no other: `{id}` stands for what is not a word of the table.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template) = (path.split('/'), template.split('/'));
    path.clone().count() == template.clone().count()
        && path
            .zip(template)
            .all(|(one, other)| one == other || other.starts_with('{'))
}

#[tokio::test]
async fn lists_are_read_over_their_pages_and_go_on_elsewhere() {
    let service = Service::start().await;
    let (client, _) = client(&service, &Caller::owner("acct_1"));
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(
            client
                .create_subscription(&wanted())
                .await
                .expect("made")
                .id,
        );
    }
    let all = client
        .subscriptions(SubscriptionList::new())
        .limit(2)
        .all(100)
        .await;
    let ids =
        |items: &[StoredSubscription]| items.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&all.expect("all")), made);
    let hooks = client.hooks().limit(3).all(100).await.expect("hooks");
    assert_eq!(
        hooks.into_iter().map(|hook| hook.id).collect::<Vec<_>>(),
        made
    );

    let mut first = client.subscriptions(SubscriptionList::new()).limit(3);
    assert_eq!(first.cursor(), None);
    let page = first.page().await.expect("a page").expect("there is one");
    assert_eq!(ids(&page), made[..3]);
    let cursor = first.cursor().expect("more").to_owned();
    let others = client
        .subscriptions(SubscriptionList::new())
        .after(cursor)
        .all(100)
        .await;
    assert_eq!(ids(&others.expect("others")), made[3..]);
    let mut none = client.subscriptions(SubscriptionList::new().q("nothing"));
    assert!(none.next().await.expect("a page").is_none());
    assert!(none.next().await.expect("it is over").is_none());
}

#[tokio::test]
async fn a_change_exchanges_credentials_of_which_the_kind_alone_is_shown() {
    let service = Service::start().await;
    let caller = Caller::owner("acct_1");
    let (client, _) = client(&service, &caller);
    let made = client.create_subscription(&wanted()).await.expect("made");
    let change = SubscriptionPatch::new;
    for (patch, kind) in [
        (
            change().authentication(Authentication::basic("webhooks", "hunter2")),
            json!("basic"),
        ),
        (
            change().authentication(Authentication::bearer("hunter2")),
            json!("bearer"),
        ),
        (change().description("credentials stay"), json!("bearer")),
        (change().authentication(Authentication::None), json!(null)),
    ] {
        assert!(!format!("{patch:?}").contains("hunter2"), "{patch:?}");
        let changed = client.change_subscription(&made.id, &patch, None).await;
        changed.expect("changed");
        let path = format!("/subscriptions/{}", made.id);
        let shown = service.get(&caller, &path).await;
        assert_eq!(shown.body["authentication"], kind, "{shown:?}");
        assert!(!shown.body.to_string().contains("hunter2"), "{shown:?}");
    }
    let odd = ClientCertificate::pem("not a certificate", "not its key");
    let odd = change().client_certificate(odd);
    assert!(!format!("{odd:?}").contains("its key"), "{odd:?}");
    let refused = client.change_subscription(&made.id, &odd, None).await;
    let refused = refused.expect_err("refused");
    assert_eq!(refused.kind(), Some(ProblemKind::InvalidSubscription));
}
