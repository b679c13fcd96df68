//! Load on a sender: callers that send as fast as they get answers, backlogs, waiting for the sink.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use bench::home::{Counted, Home};
use bench::meter::{Meter, Spent};
use bench::sink::Sink;
use sqlx::Pool;
use tokio::task::JoinSet;
use webhooks_sender::Sender;
use webhooks_store::Database;

use crate::subject::{OWNER, message, sender, subscribe};

/// A fresh database in which the event meets so many subscriptions, all at the sink.
pub(crate) async fn subscribed<H: Home>(
    home: &H,
    sink: &Sink,
    subscriptions: usize,
) -> Result<Pool<H::Database>> {
    let pool = home.fresh().await?;
    let setting_up = sender(&pool, false).await?;
    for number in 0..subscriptions {
        subscribe(&setting_up, sink.counted(number)).await?;
    }
    setting_up.shut_down().await;
    Ok(pool)
}

/// So many callers send so many messages in all, each as soon as its last one is durable.
pub(crate) async fn send<D: Database>(
    sender: &Sender<D>,
    callers: usize,
    messages: usize,
) -> Result<()> {
    let left = Arc::new(AtomicUsize::new(messages));
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (sender, left) = (sender.clone(), Arc::clone(&left));
        tasks.spawn(async move {
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok()
            {
                sender.send(OWNER, message()).await?;
            }
            Ok::<(), webhooks_sender::Error>(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

/// Accepting alone.
pub(crate) async fn accept<H: Home>(
    home: &H,
    sink: &Sink,
    callers: usize,
    messages: usize,
) -> Result<Spent> {
    let pool = subscribed(home, sink, 1).await?;
    let sender = sender(&pool, false).await?;
    send(&sender, callers, messages / 10).await?;
    let meter = Meter::start(home)?;
    send(&sender, callers, messages).await?;
    let spent = meter.stop(home, messages)?;
    sender.shut_down().await;
    pool.close().await;
    Ok(spent)
}

/// Accepting and delivering at the same time, until the last delivery has arrived and is recorded.
pub(crate) async fn deliver<H: Home>(
    home: &H,
    sink: &Sink,
    (callers, messages, subscriptions): (usize, usize, usize),
) -> Result<Spent> {
    let pool = subscribed(home, sink, subscriptions).await?;
    let sender = sender(&pool, true).await?;
    let warm_up = messages / 10;
    sink.reset()?;
    send(&sender, callers, warm_up).await?;
    sink.wait_for(warm_up * subscriptions).await?;
    sink.reset()?;
    let meter = Meter::start(home)?;
    send(&sender, callers, messages).await?;
    sink.wait_for(messages * subscriptions).await?;
    let spent = meter.stop(home, messages * subscriptions)?;
    sender.shut_down().await;
    pool.close().await;
    Ok(spent)
}

/// The engine alone, over deliveries that were accepted before. Also what the database counted.
pub(crate) async fn drain<H: Home>(
    home: &H,
    sink: &Sink,
    messages: usize,
    subscriptions: usize,
) -> Result<(Spent, Counted)> {
    let pool = subscribed(home, sink, subscriptions).await?;
    let accepting = sender(&pool, false).await?;
    send(&accepting, 64, messages).await?;
    accepting.shut_down().await;
    home.settle(&pool).await?;
    sink.reset()?;
    let (before, meter) = (home.counted().await?, Meter::start(home)?);
    let sender = sender(&pool, true).await?;
    sink.wait_for(messages * subscriptions).await?;
    // The last outcomes are recorded too.
    sender.shut_down().await;
    let spent = meter.stop(home, messages * subscriptions)?;
    let counted = home.counted().await?.since(before);
    pool.close().await;
    Ok((spent, counted))
}
