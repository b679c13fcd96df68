//! Makes the deliveries of messages that many subscriptions want, page by page: each page is one transaction, in which its
//! job is locked.
//!
//! A page that is not committed leaves everything as it was, so nothing is ever taken back from a process that died. The
//! lanes of fan-outs are the owners, which take turns.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use webhooks_store::{Database, LaneName};

use super::duty::{self, Pace};
use crate::context::Context;
use crate::error::Error;
use crate::publish::fan_out_page;
use crate::tables::FAN_OUTS;

/// The pause after an empty poll: while there is much to do, several engines look for the same.
const EMPTY_POLL_PAUSE: Duration = Duration::from_millis(20);

/// Which owner's turn it was.
#[derive(Debug, Default)]
pub(super) struct Fanner {
    last: Option<LaneName>,
}

pub(super) async fn run<D: Database>(context: Arc<Context<D>>, stopped: watch::Receiver<bool>) {
    let wakeups = context.tables.store.wake().wakeups(FAN_OUTS);
    let delivering = &context.delivering;
    let wakeup = || Pace::Wakeup {
        at_least: EMPTY_POLL_PAUSE,
        at_most: delivering.longest_wait(delivering.rules.poll),
    };
    let fanner = Mutex::new(Fanner::default());
    duty::run(
        ("fanner", &context.delivering.duties),
        stopped,
        Some(wakeups),
        Pace::After(delivering.rules.poll),
        async || {
            let mut fanner = fanner.lock().await;
            match fanner.fan_out(&context).await? {
                0 => Ok(wakeup()),
                _ => Ok(Pace::Immediately),
            }
        },
    )
    .await;
}

impl Fanner {
    /// Makes the next page; returns how many there were: none or one.
    pub(super) async fn fan_out<D: Database>(
        &mut self,
        context: &Context<D>,
    ) -> Result<usize, Error> {
        // Nearly always nothing is there.
        if self.last.is_none() && !context.tables.store.has_jobs(FAN_OUTS).await? {
            return Ok(0);
        }
        let behind = self.page(context).await?;
        if behind > 0 || self.last.take().is_none() {
            return Ok(behind);
        }
        self.page(context).await
    }

    async fn page<D: Database>(&mut self, context: &Context<D>) -> Result<usize, Error> {
        let tables = &context.tables;
        // Undone by a power cut, the page is made again with the same deliveries.
        let mut transaction = tables.store.begin_bookkeeping().await?;
        let mut tx = tables.on(&mut transaction);
        let Some(job) = tx.lock_due(FAN_OUTS, self.last.as_ref()).await? else {
            transaction.rollback().await?;
            return Ok(0);
        };
        // Also where this page fails: the next one is another owner's.
        self.last = Some(job.lane.clone());
        let arrivals = fan_out_page(&context.publishing, &mut tx, &job).await?;
        transaction.commit().await?;
        tables.wake(&arrivals);
        Ok(1)
    }
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use webhooks_core::{Descriptor, Message, Webhooks};

    use super::*;
    use crate::query::DeliveryFilter;
    use crate::testing::TestTransport;
    use crate::{Sender, Subscription};

    #[tokio::test]
    async fn a_subscription_whose_patterns_change_meanwhile_gets_the_message_once() {
        static CREATED: Descriptor = Descriptor::post("payment.created").payload::<u32>();
        let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
        let folder = tempfile::tempdir().expect("a folder");
        let transport = Arc::new(TestTransport::default());
        let sender = Sender::open(folder.path().join("w.db")).webhooks(webhooks);
        let sender = sender
            .transport(transport.clone())
            .without_engine()
            .fan_out_inline(0);
        let sender = sender.start().await.expect("a sender");
        let wanted =
            |pattern: &str| Subscription::new("acct_1", "https://example.com/").event(pattern);
        // More than a page want everything, so that the pattern of this one is met a page later.
        let mut ids = Vec::new();
        for _ in 0..501 {
            let subscribed = sender.operator().subscribe(wanted("*")).await;
            ids.push(subscribed.expect("a subscription").id);
        }
        let sent = sender.send("acct_1", Message::untyped(&CREATED, &1));
        sent.await.expect("sent");
        let mut fanner = Fanner::default();
        assert_eq!(fanner.fan_out(&sender.context).await.expect("made"), 1);
        let operator = sender.operator();
        let changed = operator.change(&ids[0], wanted("payment.*")).await;
        changed.expect("changed");
        assert_eq!(sender.deliver().await.expect("delivered"), 501);
        let filter = DeliveryFilter::new().subscription(ids[0].clone()).ended();
        let page = sender.operator().deliveries(&filter, 10).await;
        assert_eq!(page.expect("a page").items.len(), 1);
    }

    #[tokio::test]
    async fn a_message_for_few_is_one_page_however_many_patterns_its_event_has() {
        static DECLINED: Descriptor = Descriptor::post("payment.card.declined").payload::<u32>();
        let webhooks = Webhooks::new().with(&DECLINED).build();
        let sender = Sender::testing().webhooks(webhooks.expect("a catalogue"));
        let sender = sender.set(|builder| builder.fan_out_inline(0));
        let sender = sender.start().await.expect("a sender");
        for pattern in ["*", "payment.*", "payment.card.*", "payment.card.declined"] {
            let wanted = Subscription::new("acct_1", "https://example.com/").event(pattern);
            sender.operator().subscribe(wanted).await.expect("made");
        }
        for _ in 0..3 {
            let sent = sender.send("acct_1", Message::untyped(&DECLINED, &1)).await;
            sent.expect("sent");
        }
        let mut fanner = Fanner::default();
        let mut made = Vec::new();
        for _ in 0..4 {
            made.push(fanner.fan_out(&sender.context).await.expect("a page"));
        }
        assert_eq!(made, [1, 1, 1, 0]);
        let page = sender
            .operator()
            .deliveries(&DeliveryFilter::new(), 100)
            .await;
        assert_eq!(page.expect("a page").items.len(), 12);
    }

    #[tokio::test]
    async fn an_owner_with_many_subscriptions_holds_up_no_other_owners_fan_out() {
        static CREATED: Descriptor = Descriptor::post("payment.created").payload::<u32>();
        let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
        let sender = Sender::testing().webhooks(webhooks);
        let sender = sender.set(|builder| builder.fan_out_inline(0));
        let sender = sender.start().await.expect("a sender");
        let subscribe = async |owner: &str, count: usize| {
            for number in 0..count {
                let target = format!("https://{owner}.example.com/{number}");
                let wanted = Subscription::new(owner, target).event("*");
                sender.operator().subscribe(wanted).await.expect("made");
            }
        };
        subscribe("large", 1200).await;
        subscribe("small", 1).await;
        for owner in ["large", "large", "small"] {
            let sent = sender.send(owner, Message::untyped(&CREATED, &1)).await;
            sent.expect("sent");
        }
        let mut fanner = Fanner::default();
        for _ in 0..2 {
            fanner.fan_out(&sender.context).await.expect("a page");
        }
        let small = sender
            .of("small")
            .deliveries(&DeliveryFilter::new(), 5)
            .await
            .expect("a page");
        assert_eq!(small.items.len(), 1, "its turn comes after one page");
    }
}
