//! Random interleavings of transactions that overlap, against a model of a few lines: exactly what was committed is
//! sent, each message once to each subscriber, and nothing before its commit.
//!
//! On SQLite one transaction writes at a time. The others read meanwhile, are refused when they try to write, and go on
//! with what they have; a `send` waits for its turn.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{Pool, Postgres, Sqlite, Transaction};
use tokio::task::JoinHandle;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Error, Sender, Sent, Subscription};
use webhooks_tests::database::{Kind, in_memory};
use webhooks_tests::fixture_event::{Happening, How, OWNER, catalogue, happened, loopback};
use webhooks_tests::{mode::is_long, rng::Rng};

/// Concurrent transactions.
const OPEN: usize = 3;
const STEPS: u64 = 8;
/// So often everything is delivered and counted.
const INTERLEAVINGS_TO_A_COUNT: u32 = 50;
const TARGETS: [&str; 2] = ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_the_committed_is_sent_however_transactions_overlap_on_sqlite() {
    let place = in_memory();
    interleave::<Sqlite>(&place.address, if is_long() { 50_000 } else { 10_000 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn exactly_the_committed_is_sent_however_transactions_overlap_on_postgres() {
    let place = Postgres::place().await;
    interleave::<Postgres>(&place.address, if is_long() { 10_000 } else { 500 }).await;
}

async fn interleave<K: Kind>(address: &str, interleavings: u32) {
    let mut outbox = Outbox::<K>::start(address, Rng::from_environment()).await;
    for number in 1..=interleavings {
        for _ in 0..STEPS {
            outbox.step().await;
        }
        for slot in 0..OPEN {
            outbox.end(slot).await;
        }
        if number % INTERLEAVINGS_TO_A_COUNT == 0 {
            outbox.deliver(Moment::Quiet).await;
        }
    }
    outbox.deliver(Moment::Quiet).await;
    let Counts {
        sent,
        committed,
        rolled_back,
        refused,
    } = outbox.counts;
    println!(
        "{}: {interleavings} interleavings; {sent} messages sent alone and {committed} in transactions that were \
         committed, {rolled_back} undone, {refused} refused because another transaction was writing",
        K::KIND
    );
    assert!(
        sent > 0 && committed > 0 && rolled_back > 0,
        "every way was gone"
    );
}

/// The system, and what the model says of it.
struct Outbox<K: Kind> {
    rng: Rng,
    sender: Sender<K>,
    transport: Arc<TestTransport>,
    /// Connections of the application, which do not wait for one another.
    pool: Pool<K>,
    slots: [Option<Open<K>>; OPEN],
    /// Sends that wait for a transaction to end.
    waiting: Vec<JoinHandle<Result<Sent, Error>>>,
    /// What was committed, and how often it has arrived at each target.
    expected: HashMap<String, [u32; 2]>,
    counts: Counts,
    number: u64,
}

#[derive(Debug, Default)]
struct Counts {
    sent: u32,
    committed: u32,
    rolled_back: u32,
    refused: u32,
}

/// A transaction, and what was sent in it: one list for itself, and one for each savepoint.
struct Open<K: Kind> {
    transaction: Transaction<'static, K>,
    /// Whether it may hold the lock of which SQLite has one.
    writes: bool,
    sent: Vec<Vec<String>>,
}

/// When messages are delivered.
#[derive(Clone, Copy, PartialEq)]
enum Moment {
    /// While transactions are open.
    Between,
    /// When there are none: then all that was committed must be through.
    Quiet,
}

impl<K: Kind> Outbox<K> {
    async fn start(address: &str, rng: Rng) -> Self {
        let pool = K::open(address).await.expect("a database");
        let transport = Arc::<TestTransport>::default();
        let sender = Sender::new(pool)
            .webhooks(catalogue().expect("a catalogue"))
            .targets(loopback());
        let sender = sender
            .transport(Arc::clone(&transport))
            .without_engine()
            .start()
            .await;
        let sender = sender.expect("a sender");
        for target in TARGETS {
            let wanted = Subscription::new(OWNER, target).event("something.*");
            sender
                .operator()
                .subscribe(wanted)
                .await
                .expect("a subscription");
        }
        let pool = K::open_impatient(address).await.expect("the database");
        let (slots, waiting, expected) = ([const { None }; OPEN], Vec::new(), HashMap::new());
        Outbox {
            rng,
            sender,
            transport,
            pool,
            slots,
            waiting,
            expected,
            counts: Counts::default(),
            number: 0,
        }
    }

    async fn step(&mut self) {
        let slot = usize::try_from(self.rng.below(OPEN as u64)).expect("an index");
        match (self.slots[slot].is_some(), self.rng.below(20)) {
            (_, 0) => self.send().await,
            (_, 1) => self.deliver(Moment::Between).await,
            (false, _) => self.begin(slot).await,
            (true, 2..10) => self.send_in(slot).await,
            (true, 10..12) => self.savepoint(slot).await,
            (true, 12..14) => self.end_savepoint(slot).await,
            (true, _) => self.end(slot).await,
        }
    }

    fn happening(&mut self, how: How) -> Happening {
        self.number += 1;
        Happening {
            number: self.number.to_string(),
            how,
        }
    }

    /// Whether a delivery, a send or a `BEGIN IMMEDIATE` would wait for a transaction of this very test.
    fn somebody_writes(&self) -> bool {
        K::ONE_WRITES && self.slots.iter().flatten().any(|open| open.writes)
    }

    /// As the README begins transactions, or plainly; then often with a read, which fixes what SQLite lets it see.
    async fn begin(&mut self, slot: usize) {
        let writes = self.rng.below(3) == 0;
        let transaction = if writes {
            K::begin_to_write(&self.pool).await
        } else {
            self.pool.begin().await
        };
        let mut transaction = match transaction {
            Ok(transaction) => transaction,
            Err(error) => return self.refused(&Error::Store(error.into())),
        };
        if self.rng.below(2) == 0 {
            K::number(&mut transaction, "SELECT count(*) FROM webhooks_patterns")
                .await
                .expect("a read");
        }
        self.slots[slot] = Some(Open {
            transaction,
            writes,
            sent: vec![Vec::new()],
        });
    }

    async fn send_in(&mut self, slot: usize) {
        let happening = self.happening(How::InTransaction);
        let Some(open) = &mut self.slots[slot] else {
            return;
        };
        match self
            .sender
            .send_in(&mut open.transaction, OWNER, happened(happening))
            .await
        {
            Ok(sent) => {
                open.writes = true;
                open.sent
                    .last_mut()
                    .expect("one at least")
                    .push(sent.id.to_string());
            }
            Err(error) => self.refused(&error),
        }
    }

    /// On SQLite a transaction that writes later than another one began is refused immediately; nothing else fails.
    fn refused(&mut self, error: &Error) {
        let busy = matches!(error, Error::Store(error) if error.is_busy());
        assert!(K::ONE_WRITES && busy, "{error:?}");
        self.counts.refused += 1;
    }

    async fn savepoint(&mut self, slot: usize) {
        let Some(open) = &mut self.slots[slot] else {
            return;
        };
        let name = format!("SAVEPOINT s{}", open.sent.len());
        K::run(&mut open.transaction, &name)
            .await
            .expect("a savepoint");
        open.sent.push(Vec::new());
    }

    /// Undoes what was sent since the last savepoint, or keeps it.
    async fn end_savepoint(&mut self, slot: usize) {
        let undo = self.rng.below(2) == 0;
        let Some(open) = &mut self.slots[slot] else {
            return;
        };
        if open.sent.len() < 2 {
            return;
        }
        let inner = open.sent.pop().expect("a savepoint's list");
        let name = format!("s{}", open.sent.len());
        if undo {
            K::run(&mut open.transaction, &format!("ROLLBACK TO {name}"))
                .await
                .expect("undone");
            self.counts.rolled_back += u32::try_from(inner.len()).expect("a few");
        } else {
            open.sent.last_mut().expect("one at least").extend(inner);
        }
        K::run(&mut open.transaction, &format!("RELEASE SAVEPOINT {name}"))
            .await
            .expect("released");
    }

    /// Commits, rolls back, or forgets the transaction, which rolls back too.
    async fn end(&mut self, slot: usize) {
        let Some(Open {
            transaction, sent, ..
        }) = self.slots[slot].take()
        else {
            return;
        };
        let sent: Vec<String> = sent.into_iter().flatten().collect();
        let count = u32::try_from(sent.len()).expect("a few");
        match self.rng.below(5) {
            0..3 => {
                transaction.commit().await.expect("committed");
                self.counts.committed += count;
                self.expected
                    .extend(sent.into_iter().map(|id| (id, [0; 2])));
            }
            3 => {
                transaction.rollback().await.expect("rolled back");
                self.counts.rolled_back += count;
            }
            _ => {
                drop(transaction);
                self.counts.rolled_back += count;
            }
        }
        if !self.somebody_writes() {
            self.settle_sends().await;
        }
    }

    /// A send of its own, which on SQLite waits until no other connection writes.
    async fn send(&mut self) {
        let (sender, happening) = (self.sender.clone(), self.happening(How::Sent));
        self.waiting.push(tokio::spawn(async move {
            sender.send(OWNER, happened(happening)).await
        }));
        if !self.somebody_writes() {
            self.settle_sends().await;
        }
    }

    async fn settle_sends(&mut self) {
        for waiting in self.waiting.drain(..) {
            let sent = waiting.await.expect("it does not panic").expect("sent");
            self.expected.insert(sent.id.to_string(), [0; 2]);
            self.counts.sent += 1;
        }
    }

    /// Delivers what there is, and holds it against the model.
    async fn deliver(&mut self, moment: Moment) {
        if self.somebody_writes() || !self.waiting.is_empty() {
            return;
        }
        self.sender.deliver().await.expect("delivered");
        for request in self.transport.take_requests() {
            let id = request.header("webhook-id").expect("an id");
            let target = TARGETS
                .iter()
                .position(|target| *target == request.target)
                .expect("a target");
            let arrived = self.expected.get_mut(id);
            let arrived =
                arrived.unwrap_or_else(|| panic!("{id} came and was not committed: {request:?}"));
            arrived[target] += 1;
        }
        if moment == Moment::Quiet {
            let wrong: Vec<_> = self
                .expected
                .iter()
                .filter(|(_, arrived)| **arrived != [1; 2])
                .collect();
            assert!(wrong.is_empty(), "once at each target, but {wrong:?}");
            self.expected.clear();
        }
    }
}
