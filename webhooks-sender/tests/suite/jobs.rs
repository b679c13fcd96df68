//! Jobs, on both databases: replays of a time, of an event, of what was missed, under old ids and new ones; dry runs,
//! cancelling, one at a time.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::job::{Job, JobFilter, JobKind, JobState, Replay, ReplayId};
use webhooks_sender::query::{DeliveryFilter, PageRequest};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Account, Error, Sender, SenderBuilder, StateError, SubscriptionRequest};

use crate::accounts::not_found;
use crate::webhooks::{bare, card_declined, payment, payment_created};

pub(crate) const TARGET: &str = "https://example.com/hook";

/// A sender that tries everything once, in a database of its own.
pub(crate) async fn kit<D: Database>(builder: SenderBuilder<D>) -> TestSender<D> {
    let builder = builder.webhooks(bare()).retries(RetrySchedule::new([]));
    builder.testing().start().await.expect("a sender")
}

/// The same test on both databases.
macro_rules! on_both {
    ($($test:ident($postgres:ident);)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("w.db");
                Box::pin(tests::$test(webhooks_sender::Sender::open(path))).await;
            }

            #[cfg(feature = "postgres")]
            #[tokio::test]
            #[ignore = "needs PostgreSQL: cargo xtask test"]
            async fn $postgres() {
                // A schema's name has at most 63 bytes.
                let name: String = stringify!($test).chars().take(40).collect();
                crate::postgres::with_schema(&name, |pool| async move {
                    Box::pin(tests::$test(webhooks_sender::Sender::new(pool))).await;
                })
                .await;
            }
        )*
    };
}
pub(crate) use on_both;

on_both! {
    a_dry_run_counts_and_changes_nothing(a_dry_run_counts_and_changes_nothing_on_postgres);
    a_replay_keeps_to_its_time_and_its_events(a_replay_keeps_to_its_time_and_its_events_on_postgres);
    a_replay_under_new_ids_says_what_it_repeats(a_replay_under_new_ids_says_what_it_repeats_on_postgres);
    what_was_missed_is_sent_once(what_was_missed_is_sent_once_on_postgres);
    everything_can_be_sent_again(everything_can_be_sent_again_on_postgres);
    one_replay_of_a_subscription_at_a_time(one_replay_of_a_subscription_at_a_time_on_postgres);
    a_message_is_sent_again_to_all_who_want_it(a_message_is_sent_again_on_postgres);
    a_job_of_another_owner_is_not_found(a_job_of_another_owner_is_not_found_on_postgres);
}

pub(crate) async fn subscribed<D: Database>(account: &Account<D>) -> SubscriptionId {
    let request = SubscriptionRequest::new(TARGET).event("*");
    account.subscribe(request).await.expect("subscribed").id
}

/// Sends payments with these numbers, a second apart; those in `failed` fail.
pub(crate) async fn send<D: Database>(sender: &TestSender<D>, numbers: &[u64], failed: &[u64]) {
    for &number in numbers {
        let status = if failed.contains(&number) { 500 } else { 204 };
        sender.answer(TestAnswer::status(status));
        let message = payment_created(payment(number));
        sender.send("acct_1", message).await.expect("sent");
        sender.deliver().await.expect("delivered");
        sender.turn(Duration::from_secs(1));
    }
}

/// The numbers of the payments that were sent since this was asked for last.
pub(crate) fn sent<D: Database>(sender: &TestSender<D>) -> Vec<u64> {
    let requests = sender.take_requests();
    let numbers = requests.iter().map(|request| request.json()["id"].as_u64());
    numbers.map(|number| number.expect("a number")).collect()
}

pub(crate) async fn done<D: Database>(sender: &TestSender<D>, job: &Job) -> Job {
    sender.deliver().await.expect("delivered");
    let job = sender.operator().job(&job.id).await.expect("a job");
    assert_eq!(job.state, JobState::Finished, "{job:?}");
    assert!(job.finished.is_some());
    job
}

mod tests {
    use super::*;

    pub(super) async fn a_dry_run_counts_and_changes_nothing<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        send(&sender, &[1, 2, 3], &[1, 3]).await;
        sender.take_requests();
        for (replay, count) in [
            (Replay::failed(), 2),
            (Replay::all(), 3),
            (Replay::missed(), 0),
            (Replay::failed().with_new_ids(), 2),
            (Replay::failed().event("payment.card.*"), 0),
        ] {
            let job = account.replay(&id, replay.dry_run()).await;
            let job = done(&sender, &job.expect("a job")).await;
            assert_eq!((job.dry_run, job.done), (true, count), "{job:?}");
        }
        assert_eq!(sent(&sender), [0; 0]);
    }

    pub(super) async fn a_replay_keeps_to_its_time_and_its_events<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        let start = sender.now();
        send(&sender, &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5]).await;
        sender.answer(TestAnswer::status(500));
        let declined = card_declined(payment(6));
        sender.send("acct_1", declined).await.expect("sent");
        sender.deliver().await.expect("delivered");
        sender.take_requests();
        // The database's clock says when they failed.
        let ended = DeliveryFilter::new().subscription(id.clone()).ended();
        let page = account.deliveries(&ended, 10).await.expect("a page").items;
        let mut failed: Vec<_> = page.iter().filter_map(|one| one.finished).collect();
        failed.sort_unstable();
        for (replay, numbers) in [
            (
                Replay::failed().since(failed[1]).until(failed[3]),
                vec![2, 3],
            ),
            (Replay::failed().event("payment.card.declined"), vec![6]),
            (
                Replay::failed().event("payment.*").until(failed[1]),
                vec![1],
            ),
        ] {
            let job = account.replay(&id, replay).await.expect("a job");
            let job = done(&sender, &job).await;
            assert_eq!(job.done, numbers.len() as u64);
            assert_eq!(sent(&sender), numbers);
        }
        // By the time of the message, for what has ended in any way.
        let at = |seconds| start + Duration::from_secs(seconds);
        let all = Replay::all().since(at(1)).until(at(3));
        done(&sender, &account.replay(&id, all).await.expect("a job")).await;
        assert_eq!(sent(&sender), [2, 3]);
    }

    pub(super) async fn a_replay_under_new_ids_says_what_it_repeats<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        send(&sender, &[1, 2], &[1, 2]).await;
        let old: Vec<_> = sender.take_requests();
        let replay = Replay::failed().with_new_ids();
        let job = account.replay(&id, replay).await.expect("a job");
        let job = done(&sender, &job).await;
        let new: Vec<_> = sender.take_requests();
        assert_eq!((job.done, new.len()), (2, 2));
        for (old, new) in old.iter().zip(&new) {
            assert_ne!(old.header("webhook-id"), new.header("webhook-id"));
            assert_eq!((&old.body, old.event()), (&new.body, new.event()));
            let repeat = new.header("webhook-id").expect("an id").parse();
            let repeat = repeat.expect("an id of a message");
            let message = account.message(&repeat).await.expect("a message");
            let original = message.replay_of.expect("it repeats one");
            assert_eq!(Some(original.as_str()), old.header("webhook-id"));
            let of = DeliveryFilter::new().message(repeat);
            let delivery = account
                .deliveries(&of, 1)
                .await
                .expect("a page")
                .items
                .remove(0);
            assert_eq!(delivery.replay_of.as_ref(), Some(&original));
            assert_eq!(delivery.job.as_ref(), Some(&job.id));
            let attempts = account.attempts(&delivery.id).await.expect("attempts");
            assert_eq!(attempts.len(), 1);
            assert_eq!(attempts[0].job.as_ref(), Some(&job.id));
        }
        // Under the old id, the attempts of one delivery tell which of them the replay made.
        let job = account.replay(&id, Replay::failed()).await.expect("a job");
        done(&sender, &job).await;
        let old = old[0].header("webhook-id").expect("an id").parse();
        let of = DeliveryFilter::new().message(old.expect("an id of a message"));
        let delivery = account
            .deliveries(&of, 1)
            .await
            .expect("a page")
            .items
            .remove(0);
        assert_eq!(
            (delivery.replay_of, delivery.job.as_ref()),
            (None, Some(&job.id))
        );
        let attempts = account.attempts(&delivery.id).await.expect("attempts");
        let jobs: Vec<_> = attempts.iter().map(|attempt| attempt.job.clone()).collect();
        assert_eq!(jobs, [None, Some(job.id.clone())]);
        let page = account.attempts_to(&id, 10).await.expect("a page");
        let of_job = page
            .items
            .iter()
            .filter(|attempt| attempt.job.as_ref() == Some(&job.id));
        assert_eq!(of_job.count(), 2);
    }

    pub(super) async fn what_was_missed_is_sent_once<D: Database>(builder: SenderBuilder<D>) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        subscribed(&account).await;
        send(&sender, &[1, 2, 3], &[]).await;
        let late = SubscriptionRequest::new("https://late.example.com/").event("payment.created");
        let late = account.subscribe(late).await.expect("subscribed").id;
        send(&sender, &[4], &[]).await;
        sender.take_requests();
        let since = sender.now() - Duration::from_secs(3);
        let replay = || Replay::missed().since(since);
        let job = account.replay(&late, replay()).await.expect("a job");
        assert_eq!(done(&sender, &job).await.done, 2);
        let requests = sender.requests_to("https://late.example.com/");
        assert_eq!(requests.len(), 2);
        assert_eq!(sent(&sender), [2, 3]);
        let again = account.replay(&late, replay()).await.expect("a job");
        assert_eq!(done(&sender, &again).await.done, 0);
        assert_eq!(sent(&sender), [0; 0]);
    }

    pub(super) async fn everything_can_be_sent_again<D: Database>(builder: SenderBuilder<D>) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        // More than one page.
        let all: Vec<u64> = (1..=250).collect();
        let messages = all.iter().map(|&number| payment_created(payment(number)));
        sender.send_many("acct_1", messages).await.expect("sent");
        assert_eq!(sender.deliver().await.expect("delivered"), 250);
        sender.take_requests();
        sender.turn(Duration::from_secs(1));
        let job = account.replay(&id, Replay::all()).await.expect("a job");
        assert_eq!(done(&sender, &job).await.done, 250);
        let mut numbers = sent(&sender);
        numbers.sort_unstable();
        assert_eq!(numbers, all, "each once");
    }

    pub(super) async fn one_replay_of_a_subscription_at_a_time<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        send(&sender, &[1], &[1]).await;
        sender.take_requests();
        let first = account.replay(&id, Replay::failed()).await.expect("a job");
        assert_eq!(
            (first.state, first.kind),
            (JobState::Running, JobKind::Replay)
        );
        match account.replay(&id, Replay::all()).await {
            Err(Error::JobRunning { job }) => assert_eq!(job, first.id),
            other => panic!("{other:?}"),
        }
        let counting = account.replay(&id, Replay::all().dry_run()).await;
        counting.expect("a dry run is in no one's way");
        let cancelled = account.cancel_job(&first.id).await.expect("cancelled");
        assert_eq!(cancelled.state, JobState::Cancelled);
        sender.deliver().await.expect("delivered");
        assert_eq!(sent(&sender), [0; 0], "a cancelled job does nothing");
        let late = account.cancel_job(&first.id).await;
        assert!(
            matches!(late, Err(Error::State(StateError::JobEnded))),
            "{late:?}"
        );
        let second = account.replay(&id, Replay::failed()).await.expect("a job");
        done(&sender, &second).await;
        assert_eq!(sent(&sender), [1]);
    }

    pub(super) async fn a_message_is_sent_again_to_all_who_want_it<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        subscribed(&account).await;
        let message = payment_created(payment(1));
        let message = sender.send("acct_1", message).await.expect("sent").id;
        sender.deliver().await.expect("delivered");
        let late = SubscriptionRequest::new("https://late.example.com/").event("*");
        account.subscribe(late).await.expect("subscribed");
        let other = SubscriptionRequest::new("https://other.example.com/").event("*");
        sender
            .of("acct_2")
            .subscribe(other)
            .await
            .expect("subscribed");
        let other = SubscriptionRequest::new("https://rates.example.com/").event("rates.*");
        account.subscribe(other).await.expect("subscribed");
        sender.take_requests();
        for (ids, is_same) in [(ReplayId::Same, true), (ReplayId::New, false)] {
            let job = account.replay_message(&message, ids).await.expect("a job");
            assert_eq!(done(&sender, &job).await.done, 2);
            let mut requests = sender.take_requests();
            requests.sort_by(|one, other| one.target.cmp(&other.target));
            let targets: Vec<_> = requests.iter().map(|one| one.target.as_str()).collect();
            assert_eq!(targets, [TARGET, "https://late.example.com/"]);
            let id = requests[0].header("webhook-id");
            assert_eq!(id == Some(message.as_str()), is_same);
            assert_eq!(id, requests[1].header("webhook-id"), "one message");
        }
        not_found(
            "replay_message",
            sender
                .of("acct_2")
                .replay_message(&message, ReplayId::Same)
                .await,
        );
    }

    pub(super) async fn a_job_of_another_owner_is_not_found<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let (a, b) = (sender.of("acct_1"), sender.of("acct_2"));
        let id = subscribed(&a).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            let job = sender.operator().replay(&id, Replay::all().dry_run()).await;
            ids.insert(0, job.expect("a job").id);
            sender.turn(Duration::from_secs(1));
        }
        not_found("replay", b.replay(&id, Replay::failed()).await);
        not_found("job", b.job(&ids[0]).await);
        not_found("cancel_job", b.cancel_job(&ids[0]).await);
        assert_eq!(b.jobs(None, 10).await.expect("a page").items.len(), 0);
        // The owner sees what the operator has asked for, newest first, page by page.
        let mut seen = Vec::new();
        let mut page = PageRequest::first(2);
        loop {
            let jobs = a.jobs(None, page.clone()).await.expect("a page");
            seen.extend(jobs.items.into_iter().map(|job| job.id));
            let Some(next) = jobs.next else { break };
            page = page.after(next);
        }
        assert_eq!(seen, ids);
        let filter = JobFilter::new().state(JobState::Finished).subscription(id);
        assert_eq!(
            a.jobs(filter.clone(), 10)
                .await
                .expect("a page")
                .items
                .len(),
            0
        );
        sender.deliver().await.expect("done");
        let finished = a.jobs(filter, 10).await.expect("a page");
        assert_eq!(finished.items.len(), 3);
        let json = serde_json::to_value(&finished.items[0]).expect("JSON");
        assert_eq!(
            (&json["kind"], &json["state"]),
            (&"replay".into(), &"finished".into())
        );
        let kind = JobFilter::new().kind(JobKind::Reseal);
        assert_eq!(a.jobs(kind, 10).await.expect("a page").items.len(), 0);
    }
}

#[tokio::test]
async fn a_job_whose_subscription_goes_away_fails_and_says_why() {
    let sender = Sender::testing().webhooks(bare()).start().await;
    let sender = sender.expect("a sender");
    let account = sender.of("acct_1");
    let id = subscribed(&account).await;
    let job = account.replay(&id, Replay::all()).await.expect("a job");
    account.unsubscribe(&id).await.expect("removed");
    sender.deliver().await.expect("delivered");
    let job = account.job(&job.id).await.expect("a job");
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(
        job.reason.as_deref(),
        Some("the subscription has been removed")
    );
}
