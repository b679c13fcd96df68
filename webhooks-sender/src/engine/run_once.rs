//! One pass of the engine, by hand: everything that is due now has been sent and recorded when it returns.
//!
//! For tests with a clock of their own, and for programs that send in their own rhythm. It uses the same parts as the
//! running engine, without lanes: one request after the other.

use std::collections::HashSet;

use webhooks_store::{Claimer, Database};

use super::attempt::attempt;
use super::complete::complete;
use super::expirer::expire_due;
use super::fanner::fan_out_due;
use super::job_runner::do_due_pages;
use super::lane_task::released;
use super::load::load;
use super::subscription_cache::SubscriptionCache;
use crate::context::Context;
use crate::error::Error;
use crate::tables::{DELIVERIES, id};

/// Sends what is due and returns how many requests were made.
pub(crate) async fn run_once<D: Database>(context: &Context<D>) -> Result<usize, Error> {
    let mut claimer =
        Claimer::new(&context.tables.store, DELIVERIES).lease(context.delivering.rules.lease);
    let (mut cache, mut made, mut paused_ones) = (SubscriptionCache::default(), 0, Vec::new());
    expire_due(context).await?;
    loop {
        do_due_pages(context).await?;
        while fan_out_due(context).await? > 0 {}
        let allow = |lane: &webhooks_store::Lane| match id(lane.as_bytes()) {
            Ok(id) if paused_ones.contains(&id) => 0,
            _ => u32::MAX,
        };
        let send_before = context.send_before();
        let mut batch = claimer.claim_where(256, allow).await?;
        // First in, first out, over all subscriptions.
        batch.jobs.sort_by_key(|job| (job.due_at, job.id));
        if batch.jobs.is_empty() {
            return Ok(made);
        }
        let (mut results, mut gone) = (Vec::with_capacity(batch.jobs.len()), HashSet::new());
        for delivery in load(context, &mut cache, batch.jobs, send_before).await? {
            let paused = delivery
                .cached
                .as_ref()
                .is_some_and(|cached| cached.state.gets_messages() && !cached.state.is_active());
            if paused && !paused_ones.contains(&delivery.subscription) {
                paused_ones.push(delivery.subscription);
            }
            if gone.contains(&delivery.subscription) {
                // The rest of the batch is looked at again when that is recorded.
                results.push(released(&delivery));
                continue;
            }
            let subscription = delivery.subscription;
            let done = attempt(context, delivery).await;
            made += usize::from(done.attempt.is_some());
            if done
                .attempt
                .as_ref()
                .is_some_and(|attempt| attempt.decision.gone)
            {
                gone.insert(subscription);
            }
            results.push(done);
        }
        complete(context, &results).await?;
    }
}
