//! Makes the deliveries of messages that many subscriptions want, page by page.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use webhooks_store::{Claimer, Database};

use super::duty::{self, PAGE_LEASE, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::publish::fan_out_page;
use crate::tables::FAN_OUTS;

/// Pages claimed in one step.
const BATCH_SIZE: u32 = 16;
/// The pause after an empty poll.
const EMPTY_POLL_PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups();
    let poll = context.delivering.rules.poll;
    let wakeup = |at_least| Pace::Wakeup {
        at_least,
        at_most: poll,
    };
    duty::run(
        "fanner",
        stopped,
        wakeups,
        wakeup(Duration::ZERO),
        async || match fan_out_due(&context).await? {
            0 => Ok(wakeup(EMPTY_POLL_PAUSE)),
            _ => Ok(Pace::Immediately),
        },
    )
    .await;
}

/// Makes one page of deliveries of each message that is due; returns how many pages.
pub(super) async fn fan_out_due<D: Database>(context: &Context<D>) -> Result<usize, Error> {
    let tables = &context.tables;
    let jobs = Claimer::new(&tables.store, FAN_OUTS)
        .lease(PAGE_LEASE)
        .claim(BATCH_SIZE)
        .await?
        .jobs;
    // A page that cannot be made now does not keep the others waiting for the end of their leases.
    let mut failed = None;
    for job in &jobs {
        if let Err(error) = fan_out_page(tables, &context.publishing, job).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(jobs.len()), Err)
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use webhooks_core::{Descriptor, Message, Webhooks};
    use webhooks_store::{Job, Sqlite};

    use super::*;
    use crate::query::DeliveryFilter;
    use crate::testing::TestTransport;
    use crate::{Sender, Subscription};

    async fn page(sender: &Sender<Sqlite>, job: &Job) -> Result<usize, Error> {
        let context = &sender.context;
        fan_out_page(&context.tables, &context.publishing, job).await
    }

    #[tokio::test]
    async fn a_subscription_whose_patterns_change_meanwhile_gets_the_message_once() {
        static CREATED: Descriptor = Descriptor::post("payment.created").payload::<u32>();
        let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
        for is_delivered_first in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let transport = Arc::new(TestTransport::default());
            let sender = Sender::open(folder.path().join("w.db")).webhooks(webhooks.clone());
            let sender = sender
                .transport(transport.clone())
                .without_engine()
                .fan_out_inline(0);
            let sender = sender.start().await.expect("a sender");
            let wanted =
                |pattern: &str| Subscription::new("acct_1", "https://example.com/").event(pattern);
            let id = sender
                .operator()
                .subscribe(wanted("*"))
                .await
                .expect("a subscription")
                .id;
            sender
                .send("acct_1", Message::untyped(&CREATED, &1))
                .await
                .expect("sent");
            let mut pages = Claimer::new(&sender.context.tables.store, FAN_OUTS);
            let first = pages.claim(1).await.expect("claimed").jobs.remove(0);
            assert_eq!(page(&sender, &first).await.expect("made"), 1);
            if is_delivered_first {
                let next = pages.claim(1).await.expect("claimed").jobs.remove(0);
                assert_eq!(sender.deliver().await.expect("delivered"), 1);
                sender
                    .operator()
                    .change(&id, wanted("payment.*"))
                    .await
                    .expect("changed");
                page(&sender, &next).await.expect("made");
            } else {
                sender
                    .operator()
                    .change(&id, wanted("payment.*"))
                    .await
                    .expect("changed");
            }
            sender.deliver().await.expect("delivered");
            assert_eq!(
                transport.requests().len(),
                1,
                "delivered first: {is_delivered_first}"
            );
            assert_eq!(
                sender
                    .operator()
                    .deliveries(&DeliveryFilter::new().subscription(id.clone()).ended(), 10)
                    .await
                    .expect("a page")
                    .items
                    .len(),
                1
            );
        }
    }
}
