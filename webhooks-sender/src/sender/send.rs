//! Sending, in a transaction of the sender's or in the application's own.

use std::sync::Arc;

use webhooks_store::{Database, Transaction};

use super::Sender;
use crate::error::Error;
use crate::model::Owner;
use crate::observe;
use crate::publish::{
    CheckedMessage, IntoOutbound, Outbound, Publish, Sent, lock_keys, prepare, publish,
};

/// # Sending
impl<D: Database> Sender<D> {
    /// Sends a message to the subscriptions of an owner, in a transaction of its own. Durable when it returns.
    ///
    /// Concurrent callers share a commit.
    ///
    /// # Errors
    ///
    /// When the message cannot be sent (see [`Error::is_input`]), or the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// let wanted = Subscription::new("acct_1", "https://example.com/hook").event("ping");
    /// sender.operator().subscribe(wanted).await?;
    /// let sent = sender.send("acct_1", Message::untyped(&PING, &12)).await?;
    ///
    /// sender.deliver().await?;
    /// assert_eq!(sender.requests()[0].header("webhook-id"), Some(sent.id.as_str()));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn send(
        &self,
        owner: impl Into<Owner>,
        message: impl IntoOutbound,
    ) -> Result<Sent, Error> {
        let message = self.prepare(&owner.into(), &message.into_outbound())?;
        only(self.write(vec![message]).await?)
    }

    /// Sends several messages to the subscriptions of an owner: all of them or none.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_many<M: IntoOutbound>(
        &self,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<Sent>, Error> {
        let messages = self.prepare_all(owner, messages)?;
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        self.write(messages).await
    }

    /// A transaction in the application's database, for its own writes and [`send_in`](Self::send_in): one of its pool.
    ///
    /// Any other transaction of the application does as well. On SQLite, which has one writer at a time, this one
    /// queues up with the sender's own and is woken when its turn comes; others look again and again, with growing
    /// pauses, and where both write much they wait longer. What is sent while it is open is sent in it: a
    /// [`send`](Self::send) would wait for its end.
    ///
    /// # Errors
    ///
    /// When no connection is to be had, or another writer held SQLite's lock beyond the pool's `busy_timeout`.
    ///
    /// ```
    /// # use webhooks_core::{Descriptor, Message, Webhooks};
    /// # use webhooks_sender::Sender;
    /// # static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    /// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir()?;
    /// # let catalogue = Webhooks::new().with(&PING).build()?;
    /// # let sender = Sender::open(folder.path().join("webhooks.db")).webhooks(catalogue).start().await?;
    /// let mut tx = sender.begin().await?;
    /// sqlx::query("CREATE TABLE payment (amount INTEGER)").execute(&mut *tx).await?;
    /// sender.send_in(&mut tx, "acct_1", Message::untyped(&PING, &10)).await?;
    /// tx.commit().await?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    pub async fn begin(&self) -> Result<Transaction<D>, Error> {
        Ok(self.context.tables.store.begin_in_pool().await?)
    }

    /// Sends a message in the application's own transaction: it exists when that is committed, and never when it is
    /// rolled back.
    ///
    /// It takes a connection, not a pool: begin a transaction (`let mut tx = pool.begin().await?`, on SQLite
    /// `pool.begin_with("BEGIN IMMEDIATE")`, or [`begin`](Self::begin)), and pass `&mut tx`. To send without one,
    /// [`send`](Self::send) needs no connection at all.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    #[doc(alias = "outbox")]
    pub async fn send_in(
        &self,
        transaction: &mut D::Connection,
        owner: impl Into<Owner>,
        message: impl IntoOutbound,
    ) -> Result<Sent, Error> {
        only(self.send_many_in(transaction, owner, [message]).await?)
    }

    /// Sends several messages in the application's own transaction.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); roll the transaction back then, because some of them may have been written.
    pub async fn send_many_in<M: IntoOutbound>(
        &self,
        transaction: &mut D::Connection,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<Sent>, Error> {
        let messages = self.prepare_all(owner, messages)?;
        let mut tx = self.context.tables.on(transaction);
        lock_keys(&mut tx, &messages).await?;
        let messages: Vec<_> = messages.iter().collect();
        let (sent, arrivals) = publish(&self.context.publishing, &mut tx, &messages).await?;
        let sent = sent.into_iter().collect::<Result<Vec<_>, _>>()?;
        count(
            messages
                .into_iter()
                .map(|message| message.row.event.as_str()),
            &sent,
        );
        // The sender is not told when the application commits, so it wakes the workers shortly afterwards.
        self.context.tables.wake_soon(&arrivals);
        Ok(sent)
    }

    pub(super) fn prepare(
        &self,
        owner: &Owner,
        outbound: &Outbound,
    ) -> Result<CheckedMessage, Error> {
        prepare(
            &self.context.publishing,
            self.context.now(),
            owner,
            outbound,
        )
    }

    fn prepare_all<M: IntoOutbound>(
        &self,
        owner: impl Into<Owner>,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<Vec<CheckedMessage>, Error> {
        let owner = owner.into();
        messages
            .into_iter()
            .map(|message| self.prepare(&owner, &message.into_outbound()))
            .collect()
    }

    async fn write(&self, messages: Vec<CheckedMessage>) -> Result<Vec<Sent>, Error> {
        let context = Arc::clone(&self.context);
        let events: Vec<String> = messages
            .iter()
            .map(|message| message.row.event.clone())
            .collect();
        let (sent, arrivals) = self.writer.write(Publish { context, messages }).await??;
        count(events.iter().map(String::as_str), &sent);
        self.context.tables.wake(&arrivals);
        Ok(sent)
    }
}

/// Counts what was sent, without what an idempotency key made a repetition.
fn count<'e>(events: impl Iterator<Item = &'e str>, sent: &[Sent]) {
    let new = events.zip(sent).filter(|(_, sent)| !sent.repeated);
    new.for_each(|(event, _)| observe::sent(event));
}

/// The answer to a single message.
fn only(mut sent: Vec<Sent>) -> Result<Sent, Error> {
    sent.pop()
        .ok_or_else(|| Error::Corrupt("one message was sent and none was answered".to_owned()))
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;
    use webhooks_core::{Descriptor, Message, Webhooks};

    use super::*;
    use crate::Subscription;
    use crate::tables::{DELIVERIES, FAN_OUTS, POLLED};

    static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    const HOUR: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_message_that_no_subscription_wants_wakes_no_worker() {
        let webhooks = Webhooks::new().with(&PING).build().expect("a catalogue");
        let sender = Sender::testing().webhooks(webhooks).start().await;
        let sender = sender.expect("a sender");
        let wake = sender.context.tables.store.wake();
        for is_wanted in [false, true] {
            if is_wanted {
                let wanted = Subscription::new("acct_1", "https://example.com/").event("*");
                sender.operator().subscribe(wanted).await.expect("made");
            }
            let [mut deliveries, mut polled, mut fan_outs] =
                [DELIVERIES, POLLED, FAN_OUTS].map(|queue| wake.wakeups(queue));
            let mut transaction = sender.begin().await.expect("a transaction");
            let message = Message::untyped(&PING, &1);
            let sent = sender.send_in(&mut transaction, "acct_1", message).await;
            // From here on time passes by itself.
            tokio::time::pause();
            let start = Instant::now();
            tokio::select! {
                () = deliveries.wait(HOUR) => {}
                () = polled.wait(HOUR) => {}
                () = fan_outs.wait(HOUR) => {}
            }
            let was_woken = start.elapsed() < HOUR;
            tokio::time::resume();
            assert_eq!(was_woken, is_wanted);
            let sent = sent.expect("sent").deliveries;
            assert_eq!(sent, Some(u32::from(is_wanted)));
        }
    }
}
