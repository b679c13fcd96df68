//! The loop of a duty: one step after the other, until the engine stops.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use webhooks_store::Wakeups;

use crate::duties::Duties;
use crate::error::Error;
use crate::log_throttle::LogThrottle;
use crate::observe;

/// What follows a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// There is more to do: the next step follows immediately.
    Immediately,
    /// The next step follows after this time.
    After(Duration),
    /// The next step follows a wake-up of the duty, after a minimum pause and at the latest after a poll interval.
    Wakeup {
        /// Wake-ups may come in quick succession, and what another process does wakes too.
        at_least: Duration,
        at_most: Duration,
    },
}

/// Runs `step` until `stopped` turns true. An error is logged (an equal one not again for a while) and followed by
/// `after_error`.
pub(super) async fn run<S, F>(
    (name, duties): (&'static str, &Duties),
    mut stopped: watch::Receiver<bool>,
    wakeups: Option<Wakeups>,
    after_error: Pace,
    mut step: S,
) where
    S: FnMut() -> F + Send,
    F: Future<Output = Result<Pace, Error>> + Send,
{
    let (mut wakeups, mut throttle) = (wakeups, LogThrottle::default());
    while !*stopped.borrow() {
        let pace = match step().await {
            Ok(pace) => {
                duties.succeed(name);
                pace
            }
            Err(error) => {
                let (reason, now) = (error.reason(), Instant::now());
                let line = throttle.observe(&reason, now);
                observe::duty_failed(name, line.as_deref());
                duties.fail(name, reason, now.into_std());
                after_error
            }
        };
        match pace {
            Pace::Immediately => {}
            Pace::After(time) => pause(time, &mut stopped).await,
            Pace::Wakeup { at_least, at_most } => {
                pause(at_least, &mut stopped).await;
                let Some(wakeups) = &mut wakeups else {
                    pause(at_most, &mut stopped).await;
                    continue;
                };
                tokio::select! {
                    () = wakeups.wait(at_most) => {}
                    _ = stopped.changed() => {}
                }
            }
        }
    }
}

async fn pause(time: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopped.changed() => {}
    }
}
