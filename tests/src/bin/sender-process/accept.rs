//! Sends messages: what was accepted is in two places that survive a kill. The ids whose `send` returned are in the
//! log, those of committed transactions in the table `ledger`. Where order is asked for, each caller has an order key.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::Pool;
use webhooks_sender::{Outbound, Owner, Sender};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{Happening, How, happened, sender};

use crate::Result;

/// Concurrent callers, so that sends share commits.
const CALLERS: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(4);
/// What keeps an order goes out one after the other.
const BETWEEN_ORDERED: Duration = Duration::from_millis(300);
const AFTER_AN_ERROR: Duration = Duration::from_millis(50);

struct Caller<K: Kind> {
    pool: Pool<K>,
    sender: Sender<K>,
    log: Arc<Mutex<File>>,
    /// No other caller's, in this process or another.
    name: String,
    is_ordered: bool,
}

/// Sends `count` messages, or for ever when that is 0.
pub(crate) async fn accept<K: Kind>(
    pool: Pool<K>,
    log: &str,
    count: u32,
    is_ordered: bool,
) -> Result<()> {
    let sender = sender(pool.clone()).without_engine().start().await?;
    let log = Arc::new(Mutex::new(
        OpenOptions::new().create(true).append(true).open(log)?,
    ));
    let started = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    let mut callers = Vec::new();
    for number in 0..CALLERS {
        let name = format!("{}-{started}-{number}", std::process::id());
        let caller = Caller {
            pool: pool.clone(),
            sender: sender.clone(),
            log: Arc::clone(&log),
            name,
            is_ordered,
        };
        callers.push(tokio::spawn(caller.call(if count == 0 {
            u32::MAX
        } else {
            count
        })));
    }
    for caller in callers {
        caller.await?;
    }
    sender.shut_down().await;
    Ok(())
}

impl<K: Kind> Caller<K> {
    /// Goes on after an error: the database may be away for a while. What failed was not accepted.
    async fn call(self, count: u32) {
        for number in 0..count {
            let how =
                [How::Sent, How::InTransaction, How::Sent, How::RolledBack][number as usize % 4];
            let happening = Happening {
                number: format!("{}-{number}", self.name),
                how,
            };
            let pause = match self.tell(happening).await {
                Ok(()) if self.is_ordered => BETWEEN_ORDERED,
                Ok(()) => BETWEEN,
                Err(error) => {
                    eprintln!("not accepted: {error}");
                    AFTER_AN_ERROR
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn tell(&self, happening: Happening) -> Result<()> {
        let how = happening.how;
        if how == How::Sent {
            let message = self.message(happening);
            let sent = self.sender.send(Owner::everyone(), message).await?;
            return self.note("sent", sent.id.as_str());
        }
        let mut transaction = K::begin_to_write(&self.pool).await?;
        let message = self.message(happening);
        let sent = self
            .sender
            .send_in(&mut transaction, Owner::everyone(), message)
            .await?;
        if how == How::RolledBack {
            transaction.rollback().await?;
            return self.note("rolled-back", sent.id.as_str());
        }
        K::run(
            &mut transaction,
            &format!("INSERT INTO ledger VALUES ('{}')", sent.id),
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    fn message(&self, happening: Happening) -> Outbound {
        let message = Outbound::new(happened(happening));
        if self.is_ordered {
            message.order_key(&self.name)
        } else {
            message
        }
    }

    /// One write for a line: a kill cuts none in two.
    fn note(&self, what: &str, id: &str) -> Result<()> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(log.write_all(format!("{what} {id}\n").as_bytes())?)
    }
}
