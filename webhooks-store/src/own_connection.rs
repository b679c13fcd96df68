//! Connections of the store's own, on which its workers read and write.
//!
//! A pool asks a connection whether it lives before it lends it, and once more when it comes back: two round trips, each as
//! dear as a small statement. What a worker does is a statement or two and follows what it did last, so here a connection that
//! ended its work well is lent again as it is. One whose work was given up in the middle, or that has rested for long, is asked.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::{Connection, Pool};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use crate::database::Database;
use crate::error::Error;

/// After a rest of this length a connection is asked whether it still lives, and so long it has to answer.
const TRUSTED: Duration = Duration::from_secs(5);

/// Some connections, opened when they are needed.
#[derive(Debug)]
pub(crate) struct OwnConnections<D: Database> {
    home: Arc<Home<D>>,
}

struct Home<D: Database> {
    /// Opens them; it holds none.
    source: Pool<D>,
    places: Arc<Semaphore>,
    most: usize,
    idle: Mutex<Vec<Live<D>>>,
}

struct Live<D: Database> {
    connection: D::Connection,
    opened: Instant,
    /// Missing where it is to be asked whether it lives, however short its rest was.
    rests_since: Option<Instant>,
}

/// A connection that is lent.
pub(crate) struct OwnConnection<D: Database> {
    /// Missing when it has been given back.
    live: Option<Live<D>>,
    home: Arc<Home<D>>,
    place: Option<OwnedSemaphorePermit>,
    state: State,
}

/// What may be under way on a connection that is lent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// An answer, at most.
    Reading,
    /// A statement that writes, and is a transaction by itself.
    Writing,
    /// A transaction.
    Transacting,
    /// It is being asked whether it lives, and is closed where the runtime ends before it has answered.
    Asked,
}

impl<D: Database> OwnConnections<D> {
    /// So many at most, opened as this pool opens its own.
    pub(crate) fn new(source: Pool<D>, most: usize) -> Self {
        Self {
            home: Arc::new(Home {
                source,
                places: Arc::new(Semaphore::new(most)),
                most,
                idle: Mutex::default(),
            }),
        }
    }

    /// One to read on.
    pub(crate) async fn get(&self) -> Result<OwnConnection<D>, Error> {
        self.lend(State::Reading).await
    }

    /// One for statements that write, each a transaction by itself.
    pub(crate) async fn get_to_write(&self) -> Result<OwnConnection<D>, Error> {
        self.lend(State::Writing).await
    }

    async fn lend(&self, state: State) -> Result<OwnConnection<D>, Error> {
        let home = &self.home;
        let place = Arc::clone(&home.places).acquire_owned();
        let place = timeout(home.source.options().get_acquire_timeout(), place).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?;
        Ok(OwnConnection {
            live: Some(home.live().await?),
            home: Arc::clone(home),
            place: place.ok(),
            state,
        })
    }

    /// A transaction that begins with this text. A connection that was lost meanwhile is replaced: nothing has been done on
    /// it yet.
    pub(crate) async fn begin(&self, text: &'static str) -> Result<OwnTransaction<D>, Error> {
        let mut tries = 0;
        loop {
            let mut connection = self.lend(State::Transacting).await?;
            match D::command(&mut connection, text).await.map_err(Error::from) {
                Ok(()) => return Ok(OwnTransaction { connection }),
                Err(Error::Disconnected(_)) if tries < self.home.most => tries += 1,
                Err(error) => return Err(error),
            }
            connection.discard();
        }
    }
}

impl<D: Database> Home<D> {
    async fn live(&self) -> Result<Live<D>, Error> {
        let longest = self.source.options().get_max_lifetime();
        loop {
            // The one that was used last: so few are in use, and the others may be closed.
            let Some(mut live) = self.idle().pop() else {
                let connection = self.source.acquire().await?.detach();
                let opened = Instant::now();
                return Ok(Live {
                    connection,
                    opened,
                    rests_since: Some(opened),
                });
            };
            let is_old = longest.is_some_and(|longest| live.opened.elapsed() > longest);
            if is_old {
                // What the server says to that changes nothing.
                let _ = live.connection.close().await;
                continue;
            }
            let rest = live.rests_since.map(|since| since.elapsed());
            if rest.is_some_and(|rest| rest < TRUSTED) || answers::<D>(&mut live.connection).await {
                return Ok(live);
            }
            let _ = live.connection.close_hard().await;
        }
    }

    /// One was lost, and the others may have been with it: a server that is started anew ends them all.
    fn distrust(&self) {
        for live in &mut *self.idle() {
            live.rests_since = None;
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Live<D>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a connection answers soon. One whose other end went away silently would be waited for until TCP gives up.
async fn answers<D: Database>(connection: &mut D::Connection) -> bool {
    let answer = timeout(TRUSTED, connection.ping()).await;
    answer.is_ok_and(|answer| answer.is_ok())
}

impl<D: Database> OwnConnection<D> {
    /// Its work has ended well.
    pub(crate) fn release(mut self) {
        self.give_back();
    }

    fn give_back(&mut self) {
        if let Some(mut live) = self.live.take() {
            live.rests_since = Some(Instant::now());
            self.home.idle().push(live);
        }
        self.place = None;
    }

    fn discard(mut self) {
        // Dropping closes it.
        self.live = None;
    }
}

impl<D: Database> Drop for OwnConnection<D> {
    /// Its work was given up: an answer may be under way, and a transaction open.
    fn drop(&mut self) {
        let Some(live) = self.live.take() else {
            return;
        };
        let state = self.state;
        let Some(runtime) = Handle::try_current().ok().filter(|_| state != State::Asked) else {
            return;
        };
        let mut given_up = Self {
            live: Some(live),
            home: Arc::clone(&self.home),
            place: self.place.take(),
            state: State::Asked,
        };
        runtime.spawn(async move {
            if state == State::Transacting {
                // SQLite has ended it already where the disk was full at COMMIT. Whether the connection lives is asked next.
                let _ = timeout(TRUSTED, D::command(&mut given_up, "ROLLBACK")).await;
            }
            let is_good = if state == State::Reading {
                answers::<D>(&mut given_up).await
            } else {
                // A server that is no longer the primary one goes on answering on the connections that it has.
                let answer = timeout(TRUSTED, D::command(&mut given_up, D::ASK_WRITABLE)).await;
                answer.is_ok_and(|answer| answer.is_ok())
            };
            if is_good {
                given_up.release();
            } else {
                given_up.home.distrust();
                given_up.discard();
            }
        });
    }
}

impl<D: Database> Deref for OwnConnection<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.live.as_ref().expect(LENT).connection
    }
}

impl<D: Database> DerefMut for OwnConnection<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.live.as_mut().expect(LENT).connection
    }
}

const LENT: &str = "it is only taken away by what consumes or drops it";

/// A transaction on such a connection. Dropped without an end it is rolled back.
pub(crate) struct OwnTransaction<D: Database> {
    connection: OwnConnection<D>,
}

impl<D: Database> OwnTransaction<D> {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        self.end("COMMIT").await
    }

    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<(), sqlx::Error> {
        D::command(&mut self.connection, how).await?;
        self.connection.release();
        Ok(())
    }
}

impl<D: Database> Deref for OwnTransaction<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.connection
    }
}

impl<D: Database> DerefMut for OwnTransaction<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.connection
    }
}

macro_rules! opaque {
    ($($name:ident)*) => {$(
        impl<D: Database> fmt::Debug for $name<D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

opaque!(Home OwnConnection OwnTransaction);
