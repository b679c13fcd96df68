//! Restarts a duty that panicked: an engine of which a part is dead would look as if it worked.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::duties::Duties;
use crate::observe;

/// The pause before a duty is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a duty until it ends by itself, which it does when `stopped` turns true.
pub(super) async fn run<S, F>(
    duty: &'static str,
    duties: &Duties,
    mut stopped: watch::Receiver<bool>,
    start: S,
) where
    S: Fn(watch::Receiver<bool>) -> F + Send,
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // A set of one: what it holds ends with this task, also where this is aborted.
        let mut task = JoinSet::new();
        duties.start(duty);
        task.spawn(start(stopped.clone()));
        let has_panicked =
            |ended: Result<(), tokio::task::JoinError>| ended.is_err_and(|error| error.is_panic());
        if !task.join_next().await.is_some_and(has_panicked) || *stopped.borrow() {
            duties.end(duty);
            return;
        }
        duties.panic(duty);
        observe::duty_panicked(duty);
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopped.changed() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_duty_that_panics_is_started_again_until_the_engine_stops() {
        let (stop, stopped) = watch::channel(false);
        let duties = Duties::default();
        let starts = Arc::new(AtomicU32::new(0));
        let (count, stop) = (Arc::clone(&starts), Arc::new(stop));
        let start = move |_| {
            let (number, stop) = (count.fetch_add(1, Ordering::Relaxed), Arc::clone(&stop));
            async move {
                assert!(number >= 2, "a panic of the test");
                let _ = stop.send(true);
            }
        };
        run("test", &duties, stopped, start).await;
        assert_eq!(starts.load(Ordering::Relaxed), 3);
        let health = duties.health(std::time::Instant::now()).expect("a duty");
        assert_eq!(
            (health.duties[0].restarts, health.duties[0].is_running),
            (2, false)
        );
    }
}
