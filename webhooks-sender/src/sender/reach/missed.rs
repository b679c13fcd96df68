//! What a subscription missed: messages that it wants and whose delivery was never confirmed.

use std::collections::HashMap;
use std::time::SystemTime;

use webhooks_store::{Database, Id};

use super::{BATCH_SIZE, MAX_EXAMINED, Reach};
use crate::error::Error;
use crate::model::{
    Cursor, DeliveryId, DeliveryState, MessageId, MissedMessage, Page, PageRequest, SubscriptionId,
};
use crate::tables::{MessageSummary, Tx};

/// The letter of its cursors.
const LIST: char = 'x';

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn missed(
        &self,
        id: &SubscriptionId,
        since: SystemTime,
        page: &PageRequest,
    ) -> Result<Page<MissedMessage>, Error> {
        let subscription = self.subscription(id).await?;
        let limit = page.limit() as usize;
        let begin = Id::at(since, [0; 10]);
        let after = page.position::<MessageId>(LIST)?;
        let mut above = after.map_or(begin, |after| after.key().max(begin));
        let owner = Some(subscription.owner.as_str());
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        let (mut items, mut examined) = (Vec::new(), 0);
        loop {
            let rows = above.as_bytes().to_vec();
            let rows = tx
                .scan_messages_up(&subscription.owner, rows, BATCH_SIZE)
                .await?;
            let is_last = rows.len() < BATCH_SIZE as usize;
            examined += rows.len();
            let mut wanted = Vec::new();
            for row in rows {
                above = row.id.key();
                let may_see = self.context.publishing.may_see(owner, &row.event)?;
                if may_see && subscription.wants(&row.event) {
                    wanted.push(row);
                }
            }
            let states = states(&mut tx, id, &wanted).await?;
            for row in wanted {
                let key = DeliveryId::of(row.id.key(), id.key());
                let state = states.get(&key).copied();
                if state == Some(DeliveryState::Delivered) {
                    continue;
                }
                let message = row.id;
                items.push(MissedMessage {
                    event: row.event,
                    created: message.time(),
                    delivery: state.map(|_| DeliveryId::from_key(key)),
                    state,
                    message,
                });
                if items.len() == limit {
                    let next = items.last().map(|last| Cursor::new(LIST, &last.message));
                    return Ok(Page { items, next });
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
            if examined >= MAX_EXAMINED {
                let next = Some(Cursor::new(LIST, MessageId::from_key(above)));
                return Ok(Page { items, next });
            }
        }
    }
}

/// The states of the deliveries of these messages to the subscription; those that were never made are left out.
async fn states<D: Database>(
    tx: &mut Tx<'_, D>,
    subscription: &SubscriptionId,
    messages: &[MessageSummary],
) -> Result<HashMap<Id, DeliveryState>, Error> {
    let deliveries = messages.iter();
    let deliveries: Vec<Id> = deliveries
        .map(|message| DeliveryId::of(message.id.key(), subscription.key()))
        .collect();
    // Those that have ended are looked up last: one that ends in between is found all the same.
    let known = tx.known_deliveries(deliveries.iter().copied()).await?;
    let ended = tx.ended_states(&deliveries).await?;
    let waiting = known.into_iter().map(|id| (id, DeliveryState::Pending));
    Ok(waiting.chain(ended).collect())
}
