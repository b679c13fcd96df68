//! Keys, on both databases: checked at the start, exchanged one after the other, bound to what they protect.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::job::{JobKind, JobState};
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::testing::TestSender;
use webhooks_sender::{Error, SealError, Secret, Sender, SenderBuilder, Subscription};
use webhooks_signature::{Jwk, Request, Scheme, Verifier};

use crate::jobs::{TARGET, done};
use crate::webhooks::{bare, payment, payment_created};

const OLD: fn() -> SealingKey = || SealingKey::new("2025", [1; 32]);
const NEW: fn() -> SealingKey = || SealingKey::new("2026", [2; 32]);

async fn start<D: Database>(builder: SenderBuilder<D>) -> Result<TestSender<D>, Error> {
    builder.webhooks(bare()).testing().start().await
}

async fn subscribe<D: Database>(sender: &TestSender<D>, count: usize) {
    for _ in 0..count {
        let wanted = Subscription::new("acct_1", TARGET).event("*");
        let wanted = wanted.header("authorization", "Bearer hunter2hunter2");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("subscribed");
    }
}

/// Why a start is refused.
async fn refusal<D: Database>(builder: SenderBuilder<D>) -> String {
    match start(builder).await {
        Err(Error::Settings(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

/// Whether the secrets of all subscriptions can be opened.
async fn can_send<D: Database>(sender: &TestSender<D>, count: usize) {
    let message = payment_created(payment(1));
    sender.send("acct_1", message).await.expect("sent");
    assert_eq!(sender.deliver().await.expect("delivered"), count);
    for request in sender.take_requests() {
        let header = request.header("authorization");
        assert_eq!(header, Some("Bearer hunter2hunter2"));
    }
}

/// The whole life of keys, on a database that `builder` opens again and again.
async fn keys<D: Database>(builder: impl Fn() -> SenderBuilder<D>) {
    let plain = start(builder()).await.expect("a sender");
    subscribe(&plain, 2).await;
    let no_key = plain.operator().reseal().await;
    assert!(
        matches!(no_key, Err(Error::Sealed(SealError::NoKey))),
        "{no_key:?}"
    );

    // The first key: what is plain is refused until it is accepted for the time of the change.
    let problem = refusal(builder().seal_with(OLD())).await;
    assert!(
        problem.contains("the secrets of 2 subscriptions are not encrypted"),
        "{problem}"
    );
    assert!(problem.contains("accept_plain_secrets"), "{problem}");
    let migrating = start(builder().seal_with(OLD()).accept_plain_secrets()).await;
    let migrating = migrating.expect("a sender");
    subscribe(&migrating, 1).await;
    can_send(&migrating, 3).await;
    let job = migrating.operator().reseal().await.expect("a job");
    assert_eq!((job.kind, job.owner.clone()), (JobKind::Reseal, None));
    assert_eq!(done(&migrating, &job).await.done, 2);

    // A missing key, a wrong one under the same id, and no key at all.
    let missing =
        "the secrets of 3 subscriptions are encrypted with the key `2025`, which was not given";
    for builder in [builder(), builder().seal_with(NEW())] {
        let problem = refusal(builder).await;
        assert!(problem.contains(missing), "{problem}");
    }
    let problem = refusal(builder().seal_with(SealingKey::new("2025", [9; 32]))).await;
    assert!(
        problem.contains("3 subscriptions") && problem.contains("`2025`"),
        "{problem}"
    );
    assert!(problem.contains("another one"), "{problem}");

    // An exchange: the old key still opens, everything is sealed anew, the old key can go.
    let both = start(builder().seal_with(NEW()).seal_with(OLD())).await;
    let both = both.expect("a sender");
    subscribe(&both, 1).await;
    can_send(&both, 4).await;
    let revision = async |sender: &TestSender<D>| {
        let page = sender.operator().subscriptions(None, 1).await;
        page.expect("a page").items[0].revision
    };
    let before = revision(&both).await;
    let job = both.operator().reseal().await.expect("a job");
    assert_eq!(
        done(&both, &job).await.done,
        3,
        "one is sealed with the new key already"
    );
    assert_eq!(
        revision(&both).await,
        before,
        "nothing that customers see has changed"
    );
    let again = both.operator().reseal().await.expect("a job");
    assert_eq!(done(&both, &again).await.done, 0);
    let new = start(builder().seal_with(NEW())).await.expect("a sender");
    can_send(&new, 4).await;
}

#[tokio::test]
async fn a_start_without_the_right_keys_is_refused_and_keys_are_exchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    Box::pin(keys(|| Sender::open(folder.path().join("w.db")))).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn keys_on_postgres() {
    crate::postgres::with_schema("keys", |pool| async move {
        Box::pin(keys(|| Sender::new(pool.clone()))).await;
    })
    .await;
}

#[tokio::test]
async fn a_sealed_credential_is_sent_to_no_other_target_or_owner() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let builder = || Sender::new(pool.clone()).seal_with(NEW());
    let sender = start(builder()).await.expect("a sender");
    for edit in [
        "target = 'https://attacker.example.com/'",
        "owner = 'acct_2'",
        // The sealing taken away.
        r#"secrets = CAST(char(0) || '{"secrets":[{"s":"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}' AS BLOB), sealing_key = ''"#,
    ] {
        subscribe(&sender, 2).await;
        let sql = format!("UPDATE webhooks_subscriptions SET {edit}, revision = revision + 1");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&pool)
            .await
            .expect("changed");
        let patterns = "UPDATE webhooks_patterns SET owner = 'acct_2'";
        for owner in ["acct_1", "acct_2"] {
            sender
                .send(owner, payment_created(payment(1)))
                .await
                .expect("sent");
            sqlx::query(patterns).execute(&pool).await.expect("changed");
        }
        assert_eq!(sender.deliver().await.expect("nothing"), 0, "{edit}");
        sender
            .operator()
            .remove_owner("acct_1")
            .await
            .expect("removed");
        sender
            .operator()
            .remove_owner("acct_2")
            .await
            .expect("removed");
    }
}

#[tokio::test]
async fn a_page_of_sealing_anew_that_meets_a_damaged_row_seals_the_others_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let old = start(Sender::new(pool.clone()).seal_with(OLD()))
        .await
        .expect("a sender");
    subscribe(&old, 3).await;
    let damage = "UPDATE webhooks_subscriptions SET target = 'https://x/' \
                  WHERE id = (SELECT min(id) FROM webhooks_subscriptions)";
    sqlx::query(damage).execute(&pool).await.expect("damaged");
    let both = Sender::new(pool.clone()).seal_with(NEW()).seal_with(OLD());
    let both = start(both)
        .await
        .expect("one damaged row does not make a key wrong");
    let job = both.operator().reseal().await.expect("a job");
    both.deliver().await.expect("done");
    let job = both.operator().job(&job.id).await.expect("a job");
    assert_eq!((job.state, job.done), (JobState::Failed, 2));
    let reason = job.reason.expect("a reason");
    assert!(reason.contains("1 could not be opened"), "{reason}");
}

#[tokio::test]
async fn the_grace_of_older_secrets_ends_on_demand() {
    let sender = Sender::testing().webhooks(bare()).start().await;
    let sender = sender.expect("a sender");
    let account = sender.of("acct_1");
    let request = webhooks_sender::SubscriptionRequest::new(TARGET).event("*");
    let id = account.subscribe(request).await.expect("subscribed").id;
    let signatures = async || {
        let message = payment_created(payment(1));
        sender.send("acct_1", message).await.expect("sent");
        sender.deliver().await.expect("delivered");
        let request = sender.take_requests().remove(0);
        let header = request.header("webhook-signature").expect("signed");
        header.split(' ').count()
    };
    account.end_grace(&id).await.expect("nothing to end");
    let grace = Duration::from_hours(24);
    account.rotate(&id, grace).await.expect("rotated");
    let stored = account.subscription(&id).await.expect("there");
    assert_eq!(stored.older_secrets_until, Some(sender.now() + grace));
    assert_eq!(signatures().await, 2);
    account.end_grace(&id).await.expect("ended");
    assert_eq!(signatures().await, 1);
    let stored = account.subscription(&id).await.expect("there");
    assert_eq!(stored.older_secrets_until, None);
    crate::accounts::not_found("end_grace", sender.of("acct_2").end_grace(&id).await);
}

#[tokio::test]
async fn what_the_senders_own_key_signs_is_verified_with_the_published_key() {
    let (new, old) = (Secret::generate_ed25519(), Secret::generate_ed25519());
    let (new, old) = (new.expect("a key"), old.expect("a key"));
    let folder = tempfile::tempdir().expect("a folder");
    let builder = || Sender::open(folder.path().join("w.db"));
    let keys = builder().signing_key(new.clone()).signing_key(old);
    let sender = start(keys).await.expect("a sender");
    subscribe(&sender, 1).await;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = sender.take_requests().remove(0);
    let signature = request.header("webhook-signature").expect("signed");
    let schemes: Vec<_> = signature.split(' ').map(|one| &one[..3]).collect();
    assert_eq!(schemes, ["v1,", "v1a", "v1a"]);

    // What a receiver reads, and verifies with.
    let document = serde_json::to_string(&sender.public_keys()).expect("JSON");
    assert!(!document.contains("\"d\""), "no private member: {document}");
    let published: webhooks_signature::JwkSet = serde_json::from_str(&document).expect("a set");
    let ids: Vec<_> = published.keys().iter().filter_map(Jwk::kid).collect();
    assert_eq!(
        request.header("webhook-key-id"),
        Some(ids.join(" ").as_str())
    );
    assert_eq!(
        published.keys()[0],
        Jwk::public_half_of(&new).expect("a key")
    );
    let public = new.public_key().expect("a key");
    let verifier = Scheme::STANDARD_WEBHOOKS_ED25519
        .verifier([public])
        .expect("a verifier");
    let headers: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let received = Request::new(&headers, &request.body);
    verifier.verify(&received, sender.now()).expect("verified");

    for bad in [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsk_AAAA",
        "hunter2",
    ] {
        let bad = builder().signing_key(Secret::new(bad).expect("a text"));
        let problem = refusal(bad).await;
        assert!(problem.contains("whsk_"), "{problem}");
    }
}
