//! One turn of the engine, by hand: everything that is due now is sent and recorded when it returns.
//!
//! For tests with a turned clock, and for programs that send in their own rhythm. It uses the same parts as the
//! running engine, without lanes: one request after the other.

use std::collections::HashSet;

use webhooks_store::{Claimer, Database};

use super::attempt::attempt;
use super::duties::{fan_out_due, replay_due};
use super::load::load;
use super::recipients::Recipients;
use super::record::record;
use super::runner::released;
use crate::error::Error;
use crate::model::SubscriptionState;
use crate::publish::DELIVERIES;
use crate::shared::{Shared, key};

/// Sends what is due and returns how many requests were made.
pub(crate) async fn turn<D: Database>(shared: &Shared<D>) -> Result<usize, Error> {
    let mut claimer = Claimer::new(&shared.store, DELIVERIES).lease(shared.rules.lease);
    let (mut recipients, mut made, mut resting) = (Recipients::default(), 0, Vec::new());
    loop {
        while replay_due(shared).await? > 0 {}
        while fan_out_due(shared).await? > 0 {}
        let allow = |lane: &webhooks_store::Lane, _: u32| match key(lane.as_bytes()) {
            Ok(id) if resting.contains(&id) => 0,
            _ => u32::MAX,
        };
        let send_before = shared.send_before();
        let batch = claimer.claim_where(256, allow).await?;
        if batch.jobs.is_empty() {
            return Ok(made);
        }
        let (mut finished, mut gone) = (Vec::with_capacity(batch.jobs.len()), HashSet::new());
        for delivery in load(shared, &mut recipients, batch.jobs, send_before).await? {
            let paused = delivery
                .known
                .as_ref()
                .is_some_and(|known| known.state == SubscriptionState::Paused);
            if paused && !resting.contains(&delivery.subscription) {
                resting.push(delivery.subscription);
            }
            if gone.contains(&delivery.subscription) {
                // The rest of the batch is looked at again when that is recorded.
                finished.push(released(&delivery));
                continue;
            }
            let subscription = delivery.subscription;
            let done = attempt(shared, delivery).await;
            made += usize::from(done.made.is_some());
            if done.made.as_ref().is_some_and(|made| made.judgement.gone) {
                gone.insert(subscription);
            }
            finished.push(done);
        }
        record(shared, &finished).await?;
    }
}
