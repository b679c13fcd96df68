//! A sender for tests: on the application's own pool or in memory, with a clock that is turned by hand, without network.

#[cfg(feature = "sqlite")]
mod in_memory;
mod kit_entropy;
mod transport;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use webhooks_core::openapi::CatalogueSource;
use webhooks_store::{Clock, Database};

use crate::builder::SenderBuilder;
use crate::entropy::SystemEntropy;
use crate::error::Error;
use crate::sender::Sender;
use crate::tables::DELIVERIES;

// What a type names that names none: an application has one database.
#[cfg(not(feature = "sqlite"))]
use webhooks_store::Postgres as OnlyDatabase;
#[cfg(feature = "sqlite")]
use webhooks_store::Sqlite as OnlyDatabase;

use kit_entropy::KitEntropy;
pub use transport::{TestAnswer, TestRequest, TestTransport};

/// How a [`TestSender`] is set up. Made by [`SenderBuilder::testing`], or by `Sender::testing` in memory.
#[must_use = "nothing happens before `start` is called"]
pub struct TestSenderBuilder<D: Database = OnlyDatabase> {
    builder: SenderBuilder<D>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl<D: Database> SenderBuilder<D> {
    /// The sender of these settings for a test, in the application's own database: with [`Sender::new`] and its pool, on
    /// SQLite or PostgreSQL, so that [`send_in`](Sender::send_in) is tested in the application's own transactions.
    ///
    /// It has a clock that stands still until it is turned and no network. Every request is answered with 204 unless a test
    /// says otherwise. Nothing is sent before [`deliver`](Sender::deliver) or [`pass`](TestSender::pass) is called; then
    /// messages go out in the order in which they were sent, one request after the other. Retries come when the schedule says,
    /// without jitter. Ids are random, because the database may hold those of other tests.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use sqlx::SqlitePool;
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::testing::TestAnswer;
    /// use webhooks_sender::{Sender, Sqlite, SubscriptionRequest};
    ///
    /// /// Sent when an invoice has been paid.
    /// #[whpost("invoice.paid", register = false)]
    /// async fn invoice_paid(number: i64);
    ///
    /// // What is to be tested: the application, with its pool and its sender. On PostgreSQL: `PgPool`, `Sender<Postgres>`.
    /// struct App { pool: SqlitePool, sender: Sender<Sqlite> }
    ///
    /// impl App {
    ///     async fn pay(&self, number: i64) -> Result<(), Box<dyn std::error::Error>> {
    ///         let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?; // PostgreSQL: `begin()`
    ///         sqlx::query("INSERT INTO paid (number) VALUES (?)").bind(number).execute(&mut *tx).await?;
    ///         self.sender.send_in(&mut tx, "acct_1", invoice_paid(number)).await?;
    ///         Ok(tx.commit().await?)
    ///     }
    /// }
    ///
    /// // #[tokio::test]
    /// async fn each_paid_invoice_is_reported_in_its_turn() -> Result<(), Box<dyn std::error::Error>> {
    ///     let pool = SqlitePool::connect("sqlite::memory:").await?; // or a file; PostgreSQL: a database or a schema
    ///     sqlx::query("CREATE TABLE paid (number INTEGER)").execute(&pool).await?;
    ///     let webhooks = Webhooks::new().with(invoice_paid).build()?;
    ///     let sender = Sender::new(pool.clone()).webhooks(webhooks).testing().start().await?;
    ///     let request = SubscriptionRequest::new("https://example.com/hook").event("invoice.*");
    ///     sender.of("acct_1").subscribe(request).await?;
    ///
    ///     let app = App { pool, sender: sender.sender() };
    ///     for number in 1..=3 {
    ///         app.pay(number).await?;
    ///     }
    ///     sender.answer(TestAnswer::status(503)); // to the first request
    ///     sender.pass(Duration::from_secs(10)).await?;
    ///
    ///     let numbers: Vec<i64> = sender.requests().iter().map(|request| request.data()).collect();
    ///     assert_eq!(numbers, [1, 2, 3, 1]);
    ///     Ok(())
    /// }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(each_paid_invoice_is_reported_in_its_turn()).unwrap();
    /// ```
    ///
    /// Whatever is missing is said when the sender starts. SQLite needs a pool as in the application; on one that a framework
    /// made, such as that of `#[sqlx::test]`, execute `PRAGMA journal_mode = WAL` first.
    #[doc(alias = "test")]
    #[doc(alias = "mock")]
    pub fn testing(self) -> TestSenderBuilder<D> {
        let transport = Arc::new(TestTransport::default());
        let clock = Clock::fixed_at(Duration::from_hours(500_000));
        let builder = self
            .clock(clock.clone())
            .entropy(KitEntropy(SystemEntropy))
            .transport(Arc::clone(&transport))
            .without_engine();
        TestSenderBuilder {
            builder,
            transport,
            clock,
        }
    }
}

impl<D: Database> TestSenderBuilder<D> {
    /// The webhooks that can be sent.
    pub fn webhooks(self, catalogue: impl CatalogueSource) -> Self {
        self.set(|builder| builder.webhooks(catalogue))
    }

    /// Sets anything else of the [`SenderBuilder`]. A clock and a transport are set already; `TestSender`'s own methods work
    /// with these only.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_sender::Sender;
    /// use webhooks_sender::settings::RetrySchedule;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let schedule = RetrySchedule::new([Duration::from_secs(1); 3]);
    /// let sender = Sender::testing().set(|builder| builder.retries(schedule)).start().await?;
    /// # let _ = sender;
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn set(mut self, set: impl FnOnce(SenderBuilder<D>) -> SenderBuilder<D>) -> Self {
        self.builder = set(self.builder);
        self
    }

    /// The sender.
    ///
    /// # Errors
    ///
    /// As [`SenderBuilder::start`].
    pub async fn start(self) -> Result<TestSender<D>, Error> {
        let Self {
            builder,
            transport,
            clock,
        } = self;
        Ok(TestSender {
            sender: builder.start().await?,
            transport,
            clock,
        })
    }
}

/// A [`Sender`] for tests, with what a test asks. Made by [`SenderBuilder::testing`], or by `Sender::testing` in memory.
#[derive(Debug)]
pub struct TestSender<D: Database = OnlyDatabase> {
    sender: Sender<D>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl<D: Database> TestSender<D> {
    /// The sender alone, to be given to what is tested: a clone, which is the same sender.
    pub fn sender(&self) -> Sender<D> {
        self.sender.clone()
    }

    /// Turns the clock forward. Nothing is sent before [`deliver`](Sender::deliver) is called.
    pub fn turn(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Lets this time pass: turns the clock from one due delivery to the next and sends each when it is due. Returns how
    /// many requests were made.
    ///
    /// # Errors
    ///
    /// As [`deliver`](Sender::deliver).
    pub async fn pass(&self, time: Duration) -> Result<usize, Error> {
        let (mut left, mut made) = (time, self.deliver().await?);
        let store = &self.sender.context.tables.store;
        while let Some(due) = store.next_due(DELIVERIES).await?.filter(|due| *due <= left) {
            // A step of nothing would never end.
            let step = due.max(Duration::from_millis(1)).min(left);
            self.clock.advance(step);
            left -= step;
            made += self.deliver().await?;
            if left.is_zero() {
                break;
            }
        }
        self.clock.advance(left);
        Ok(made)
    }

    /// Answers the next request like this, instead of with 204. Called several times, the answers are given in order.
    pub fn answer(&self, answer: TestAnswer) {
        self.transport.answer(answer);
    }

    /// Answers the next requests like this, one after the other.
    pub fn answers(&self, answers: impl IntoIterator<Item = TestAnswer>) {
        answers.into_iter().for_each(|answer| self.answer(answer));
    }

    /// Answers every request to this target like this, from now on; answers that are waiting come first.
    pub fn answer_at(&self, target: &str, answer: TestAnswer) {
        self.transport.answer_at(target, answer);
    }

    /// The requests so far, in the order in which they were made.
    pub fn requests(&self) -> Vec<TestRequest> {
        self.transport.requests()
    }

    /// The requests to this target so far.
    pub fn requests_to(&self, target: &str) -> Vec<TestRequest> {
        self.requests()
            .into_iter()
            .filter(|request| request.target == target)
            .collect()
    }

    /// The requests so far, which are forgotten.
    pub fn take_requests(&self) -> Vec<TestRequest> {
        self.transport.take_requests()
    }

    /// Asserts how many requests of this event went to this target.
    ///
    /// # Panics
    ///
    /// When it was another number; the text lists what was sent.
    #[track_caller]
    pub fn assert_sent(&self, event: &str, target: &str, times: usize) {
        let requests = self.requests();
        let found = requests
            .iter()
            .filter(|request| request.event() == Some(event) && request.target == target);
        let found = found.count();
        assert!(
            found == times,
            "`{event}` was sent {found} times to {target}, not {times}; what was sent: {:?}",
            requests
                .iter()
                .map(|request| (request.event(), &request.target))
                .collect::<Vec<_>>()
        );
    }

    /// Asserts that nothing was sent.
    ///
    /// # Panics
    ///
    /// When something was; the text lists it.
    #[track_caller]
    pub fn assert_nothing_sent(&self) {
        let requests = self.requests();
        let sent: Vec<_> = requests
            .iter()
            .map(|request| (request.event(), &request.target))
            .collect();
        assert!(sent.is_empty(), "this was sent: {sent:?}");
    }
}

impl<D: Database> Clone for TestSender<D> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            transport: Arc::clone(&self.transport),
            clock: self.clock.clone(),
        }
    }
}

impl<D: Database> Deref for TestSender<D> {
    type Target = Sender<D>;

    fn deref(&self) -> &Sender<D> {
        &self.sender
    }
}
