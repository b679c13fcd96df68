//! When a change of a subscription has taken effect: once no process makes requests by what was true before.
//!
//! In this process that is so immediately. The process that owns the subscription's lane may be another one: it believes
//! what it has read for a moment ([`BELIEVED`]), and that moment is waited for. What is on the wire by then may end.
//!
//! A process that stands still longer than that, between its last look and the request, is not waited for.

use std::time::Duration;

use webhooks_store::{Database, Id};

use crate::change_log::BELIEVED;
use crate::context::Context;
use crate::error::Error;
use crate::tables::DeliveryLane;

/// From the last look at what was read to the request.
const MARGIN: Duration = Duration::from_millis(50);

/// Returns when a committed change of a subscription has taken effect.
pub(crate) async fn take_effect<D: Database>(context: &Context<D>, subscription: Id, owner: &str) {
    context.changed(subscription);
    let lane = DeliveryLane::new(subscription, owner);
    // The change is made whatever comes of this question.
    if is_elsewhere(context, lane).await.unwrap_or(true) {
        tokio::time::sleep(BELIEVED + MARGIN).await;
    }
}

/// Whether another process makes the requests of a lane. Who takes the lane later reads the subscription then.
async fn is_elsewhere<D: Database>(
    context: &Context<D>,
    lane: DeliveryLane,
) -> Result<bool, Error> {
    let owner = context.tables.store.slot_owner(lane.name().slot).await?;
    Ok(owner.is_some_and(|owner| !context.delivering.is_engine(&owner)))
}
