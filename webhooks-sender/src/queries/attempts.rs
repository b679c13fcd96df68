//! Attempts: of a delivery, and pages of what a subscription saw.

use std::time::Duration;

use webhooks_store::{Database, Parameters, from_ms, to_ms};

use super::MOST;
use crate::error::Error;
use crate::model::{Attempt, AttemptCursor, DeliveryId, Page, SubscriptionId};
use crate::sender::Sender;
use crate::shared::key;

/// # Looking at attempts
impl<D: Database> Sender<D> {
    /// The attempts of a delivery, first to last; none that the [retention](crate::Retention) has removed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attempts(&self, delivery: &DeliveryId) -> Result<Vec<Attempt>, Error> {
        let mut connection = self.shared.store.connection().await?;
        let parameters = Parameters::new().bytes(*delivery.key().as_bytes());
        let rows = self
            .shared
            .sql
            .attempts_of
            .fetch(&mut connection, parameters)
            .await?;
        rows.iter().map(attempt).collect()
    }

    /// What a subscription saw, newest first, at most 1,000 attempts at once.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription, TestAnswer};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
    /// let id = sender.subscribe(wanted).await?.id;
    /// sender.send("acct_1", Message::untyped(&PING, &1)).await?;
    /// sender.answer(TestAnswer::status(503).body("later"));
    /// sender.deliver().await?;
    ///
    /// let page = sender.attempts_to(&id, None, 50).await?;
    /// assert_eq!(page.items[0].status, Some(503));
    /// assert_eq!(page.items[0].response.as_deref(), Some(&b"later"[..]));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn attempts_to(
        &self,
        id: &SubscriptionId,
        before: Option<&AttemptCursor>,
        limit: u32,
    ) -> Result<Page<Attempt, AttemptCursor>, Error> {
        let mut connection = self.shared.store.connection().await?;
        let limit = limit.clamp(1, MOST);
        let start = (i64::MAX, [0xff; 16], i64::MAX);
        let (at, delivery, claim) = before.map_or(start, |cursor| {
            (
                cursor.at_ms,
                *cursor.delivery.key().as_bytes(),
                cursor.claim,
            )
        });
        let parameters = Parameters::new()
            .bytes(*id.key().as_bytes())
            .int(at)
            .bytes(delivery)
            .int(claim);
        let rows = self
            .shared
            .sql
            .page_attempts
            .fetch(&mut connection, parameters.int(limit.into()))
            .await?;
        let items = rows.iter().map(attempt).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(items, limit, |last| AttemptCursor {
            at_ms: to_ms(last.at),
            delivery: last.delivery.clone(),
            claim: last.claim,
        }))
    }
}

fn attempt<D: Database>(row: &webhooks_store::Row<D>) -> Result<Attempt, Error> {
    Ok(Attempt {
        delivery: DeliveryId::from_key(key(&row.bytes(0)?)?),
        subscription: SubscriptionId::from_key(key(&row.bytes(3)?)?),
        number: u32::try_from(row.int(4)?).unwrap_or(u32::MAX),
        at: from_ms(row.int(5)?),
        duration: Duration::from_millis(row.int(6)?.unsigned_abs()),
        status: row
            .maybe_int(7)?
            .and_then(|status| u16::try_from(status).ok()),
        error: row.maybe_text(8)?,
        response: row.maybe_bytes(9)?,
        claim: row.int(1)?,
    })
}
