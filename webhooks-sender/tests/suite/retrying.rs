//! Many deliveries tried again, subscriptions that are kept under keys, and numbers over time, on both databases.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::job::{BulkRetry, JobState};
use webhooks_sender::query::{AuditFilter, DeliveryState, Period};
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::transport::TransportError;
use webhooks_sender::{Error, SenderBuilder, SubscriptionRequest};

use crate::jobs::{done, kit, on_both, send, sent, subscribed};
use crate::webhooks::{card_declined, payment, payment_created};

on_both! {
    a_retry_tries_what_its_filter_finds_once(a_retry_tries_what_its_filter_finds_once_on_postgres);
    a_retry_goes_through_all_subscriptions_page_by_page(a_retry_goes_through_all_subscriptions_on_postgres);
    one_retry_of_an_owner_at_a_time(one_retry_of_an_owner_at_a_time_on_postgres);
    what_is_kept_is_made_once_and_changed_where_it_differs(what_is_kept_is_made_once_on_postgres);
    series_count_all_owners_or_one(series_count_all_owners_or_one_on_postgres);
}

mod tests {
    use super::*;

    pub(super) async fn a_retry_tries_what_its_filter_finds_once<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        let start = sender.now();
        send(&sender, &[1, 2, 3], &[1, 3]).await;
        sender.answer(TestAnswer::status(404));
        let declined = card_declined(payment(4));
        sender.send("acct_1", declined).await.expect("sent");
        sender.deliver().await.expect("delivered");
        sender.take_requests();
        // Another owner's, which an account never reaches.
        let other = sender.of("acct_2");
        subscribed(&other).await;
        sender.answer(TestAnswer::status(500));
        let theirs = payment_created(payment(9));
        sender.send("acct_2", theirs).await.expect("sent");
        sender.deliver().await.expect("delivered");
        sender.take_requests();
        let second = start + Duration::from_secs(1);
        for (retry, count) in [
            (BulkRetry::failed(), 3),
            (BulkRetry::failed().state(DeliveryState::Delivered), 1),
            (BulkRetry::failed().state(DeliveryState::Cancelled), 0),
            (
                BulkRetry::failed().status("5xx".parse().expect("a class")),
                2,
            ),
            (BulkRetry::failed().status("404".parse().expect("one")), 1),
            (BulkRetry::failed().event("payment.card.*"), 1),
            (BulkRetry::failed().event("refund.*"), 0),
            (BulkRetry::failed().since(second), 2),
            (BulkRetry::failed().until(second), 1),
            (BulkRetry::failed().subscription(id.clone()), 3),
        ] {
            let job = account.retry_all(retry.clone().dry_run()).await;
            let job = done(&sender, &job.expect("a job")).await;
            assert_eq!((job.dry_run, job.done), (true, count), "{retry:?}");
        }
        assert_eq!(sent(&sender), [0; 0], "it only counts");
        let retry = BulkRetry::failed().dry_run();
        let job = sender.operator().retry_all(retry).await.expect("a job");
        let job = done(&sender, &job).await;
        assert_eq!(job.done, 4, "the operator reaches all");

        // What fails once more is not tried a third time.
        sender.answer_at(crate::jobs::TARGET, TestAnswer::status(500));
        let job = account.retry_all(BulkRetry::failed()).await.expect("a job");
        let job = done(&sender, &job).await;
        assert_eq!((job.done, sent(&sender)), (3, vec![1, 3, 4]));

        account.pause(&id).await.expect("paused");
        let job = account.retry_all(BulkRetry::failed()).await.expect("a job");
        assert_eq!(done(&sender, &job).await.done, 3);
        assert_eq!(sent(&sender), [0; 0], "a paused one keeps them");
        let bad = account.retry_all(BulkRetry::failed().event("a..b")).await;
        assert!(matches!(bad, Err(Error::Subscription(_))), "{bad:?}");
    }

    pub(super) async fn a_retry_goes_through_all_subscriptions_page_by_page<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder.subscriptions_per_owner(200)).await;
        let account = sender.of("acct_1");
        // More than a page of them; most have nothing to be tried.
        for number in 0..60 {
            let event = if number % 20 == 7 {
                "payment.created"
            } else {
                "pinged"
            };
            let target = format!("https://example.com/{number}");
            let request = SubscriptionRequest::new(&target).event(event);
            account.subscribe(request).await.expect("subscribed");
            sender.answer_at(&target, TestAnswer::status(500));
        }
        let messages = (0..250).map(|number| payment_created(payment(number)));
        sender.send_many("acct_1", messages).await.expect("sent");
        sender.deliver().await.expect("delivered");
        assert_eq!(sender.take_requests().len(), 750);
        let job = account.retry_all(BulkRetry::failed()).await.expect("a job");
        let job = done(&sender, &job).await;
        let mut again = sent(&sender);
        again.sort_unstable();
        assert_eq!((job.done, again.len()), (750, 750));
        assert!(
            again
                .chunks(3)
                .enumerate()
                .all(|(n, three)| three == [n as u64; 3])
        );
    }

    pub(super) async fn one_retry_of_an_owner_at_a_time<D: Database>(builder: SenderBuilder<D>) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let id = subscribed(&account).await;
        let first = account.retry_all(BulkRetry::failed()).await.expect("a job");
        let second = account
            .retry_all(BulkRetry::failed().subscription(id.clone()))
            .await;
        let Err(Error::JobRunning { job }) = second else {
            panic!("{second:?}");
        };
        assert_eq!(job, first.id);
        account
            .retry_all(BulkRetry::failed().dry_run())
            .await
            .expect("counting may");
        let other = sender.of("acct_2").retry_all(BulkRetry::failed()).await;
        other.expect("another owner may");
        let cancelled = account.cancel_job(&first.id).await.expect("cancelled");
        assert_eq!(cancelled.state, JobState::Cancelled);
        account.retry_all(BulkRetry::failed()).await.expect("a job");
        account.unsubscribe(&id).await.expect("removed");
        let gone = account
            .retry_all(BulkRetry::failed().subscription(id))
            .await;
        crate::accounts::not_found("of one that is gone", gone);
    }

    pub(super) async fn what_is_kept_is_made_once_and_changed_where_it_differs<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1").by("terraform");
        let request = || {
            SubscriptionRequest::new("https://example.com/a")
                .event("*")
                .header("x-a", "1")
        };
        let made = account.keep("crm", request()).await.expect("made");
        assert!(!made.repeated && made.secret.is_some());
        let same = account.keep("crm", request()).await.expect("kept");
        assert!(same.repeated && same.secret.is_none() && same.id == made.id);
        let stored = account.kept("crm").await.expect("kept");
        assert_eq!(
            (stored.revision, stored.own_key.as_deref()),
            (1, Some("crm"))
        );
        // Headers that are not named stay; everything else is as it is asked for.
        let other = SubscriptionRequest::new("https://example.com/b").event("pinged");
        account
            .keep("crm", other.label("a", "b"))
            .await
            .expect("changed");
        let stored = account.kept("crm").await.expect("kept");
        assert_eq!(
            (stored.id.clone(), stored.target.as_str()),
            (made.id.clone(), "https://example.com/b")
        );
        assert_eq!(stored.settings.headers.len(), 1);
        account.pause(&made.id).await.expect("paused");
        account.keep("crm", request()).await.expect("changed");
        let stored = account.kept("crm").await.expect("kept");
        assert!(!stored.state.is_active(), "its state stays");
        let stale = account
            .keep("crm", request().description("x").revision(1))
            .await;
        assert!(stale.is_err(), "{stale:?}");
        let trail = account
            .audit(&AuditFilter::new(), 50)
            .await
            .expect("a page");
        assert_eq!(trail.items.len(), 4, "made, changed, paused, changed");

        // The first caller makes it; the other one changes nothing.
        let both = SubscriptionRequest::new("https://example.com/c").event("*");
        let (one, two) = tokio::join!(account.keep("two", both.clone()), account.keep("two", both));
        let (one, two) = (one.expect("kept"), two.expect("kept"));
        assert!(one.id == two.id && one.repeated != two.repeated);
        for key in ["", "a\n", &"k".repeat(257)] {
            let odd = account.keep(key, request()).await;
            assert!(matches!(odd, Err(Error::Subscription(_))), "{odd:?}");
        }
        account.unsubscribe(&made.id).await.expect("removed");
        let again = account.keep("crm", request()).await.expect("made anew");
        assert!(!again.repeated && again.id != made.id);
    }

    pub(super) async fn series_count_all_owners_or_one<D: Database>(builder: SenderBuilder<D>) {
        let sender = kit(builder).await;
        subscribed(&sender.of("acct_1")).await;
        subscribed(&sender.of("acct_2")).await;
        let start = sender.now();
        send(&sender, &[1, 2, 3], &[2]).await;
        sender.turn(Duration::from_secs(57));
        sender.answer(TestAnswer::failure(TransportError::Timeout));
        let theirs = payment_created(payment(4));
        sender.send("acct_2", theirs).await.expect("sent");
        sender.deliver().await.expect("delivered");
        let minute = Duration::from_mins(1);
        let period = Period::new(start, start + minute * 2, minute).expect("two steps");
        let operator = sender.operator();
        let sent_in = operator.messages_sent(period, None).await.expect("numbers");
        let counts: Vec<_> = sent_in.steps.iter().map(|step| step.sent).collect();
        assert_eq!(counts, [3, 1]);
        let own = operator
            .messages_sent(period, Some("acct_2"))
            .await
            .expect("numbers");
        assert_eq!(
            own.steps.iter().map(|step| step.sent).collect::<Vec<_>>(),
            [0, 1]
        );
        let ended = operator
            .deliveries_ended(period, None)
            .await
            .expect("numbers")
            .steps;
        let counts: Vec<_> = ended
            .iter()
            .map(|one| (one.delivered, one.failed, one.cancelled))
            .collect();
        assert_eq!(counts, [(2, 1, 0), (0, 1, 0)]);
        let own = operator
            .deliveries_ended(period, Some("acct_1"))
            .await
            .expect("numbers")
            .steps;
        assert_eq!((own[0].delivered, own[0].failed, own[1].failed), (2, 1, 0));
        let made = operator
            .attempts_made(period, None)
            .await
            .expect("numbers")
            .steps;
        assert_eq!(
            (made[0].answered.success, made[0].answered.server_error),
            (2, 1)
        );
        assert_eq!((made[1].answered.none, made[1].answered.total()), (1, 1));
        assert!(
            made.iter()
                .all(|step| step.is_complete && step.average <= step.longest)
        );
        let own = operator
            .attempts_made(period, Some("acct_2"))
            .await
            .expect("numbers")
            .steps;
        assert_eq!((own[0].answered.total(), own[1].answered.none), (0, 1));
        let odd = operator.messages_sent(period, Some("")).await;
        assert!(matches!(odd, Err(Error::Owner)), "{odd:?}");
    }
}
