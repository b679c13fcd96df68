//! Calls at a steady rate, each at its time, whatever became of the ones before.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::meter::monotonic_ns;
use crate::sink::Arrival;

/// When each message was sent: before the call and after it, by its id.
pub type SentAt = HashMap<String, (u64, u64)>;

/// Makes so many calls, so many a second, each of which returns the id of what it has sent.
pub async fn at_a_rate<C>(
    per_second: u32,
    count: u32,
    mut call: impl FnMut(u32) -> C,
) -> Result<SentAt>
where
    C: Future<Output = Result<String>> + Send + 'static,
{
    let mut ticks = interval(Duration::from_secs(1) / per_second);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut tasks: JoinSet<Result<(String, (u64, u64))>> = JoinSet::new();
    for number in 0..count {
        ticks.tick().await;
        let call = call(number);
        tasks.spawn(async move {
            let called = monotonic_ns();
            let id = call.await?;
            Ok((id, (called, monotonic_ns())))
        });
    }
    let mut sent = HashMap::new();
    while let Some(ended) = tasks.join_next().await {
        let (id, times) = ended.context("a caller broke off")??;
        sent.insert(id, times);
    }
    Ok(sent)
}

/// From one of the two times to each arrival, in milliseconds. A request may be there before its call has returned.
pub fn delays(sent: &SentAt, arrivals: &[Arrival], from: impl Fn(&(u64, u64)) -> u64) -> Vec<f64> {
    let delay = |arrival: &Arrival| {
        let start = from(sent.get(&arrival.message)?);
        Some((arrival.at_ns as f64 - start as f64) / 1e6)
    };
    arrivals.iter().filter_map(delay).collect()
}
