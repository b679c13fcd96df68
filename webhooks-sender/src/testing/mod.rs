//! A sender for tests: a database in memory, a clock that is turned by hand, no network.

mod transport;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use webhooks_core::Catalogue;
use webhooks_store::{Clock, Database, Sqlite, Store};

use crate::builder::SenderBuilder;
use crate::entropy::SeededEntropy;
use crate::error::Error;
use crate::sender::Sender;
use crate::tables::DELIVERIES;

pub use transport::{TestAnswer, TestRequest, TestTransport};

/// How a [`TestSender`] is set up. Made by [`Sender::testing`].
#[must_use = "nothing happens before `start` is called"]
pub struct TestSenderBuilder<D: Database = Sqlite> {
    builder: SenderBuilder<D>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl Sender<Sqlite> {
    /// A sender for tests: a database in memory, a clock that stands still at 2027-01-15 08:00 UTC until it is turned,
    /// ids that are the same in each run, and no network. Every request is answered with 204 unless a test says
    /// otherwise.
    ///
    /// It is a [`Sender`] like any other: give it to the code that is to be tested.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::{Error, Sender, Sqlite, Subscription};
    /// use webhooks_sender::testing::TestAnswer;
    ///
    /// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    /// struct Payment { amount: u32 }
    ///
    /// /// Sent as soon as the bank has confirmed a payment.
    /// #[whpost("payment.created")]
    /// async fn payment_created(data: Payment);
    ///
    /// // What is to be tested:
    /// async fn pay(sender: &Sender<Sqlite>, account: &str, amount: u32) -> Result<(), Error> {
    ///     sender.send(account, payment_created(Payment { amount })).await?;
    ///     Ok(())
    /// }
    ///
    /// // #[tokio::test]
    /// async fn a_payment_is_told_to_the_account_and_again_when_it_could_not_be() -> Result<(), Error> {
    ///     let webhooks = Webhooks::new().with(payment_created).build().expect("one webhook");
    ///     let sender = Sender::testing().webhooks(webhooks).start().await?;
    ///     sender.operator().subscribe(Subscription::new("acct_1", "https://one.example.com/").event("payment.*")).await?;
    ///     sender.operator().subscribe(Subscription::new("acct_2", "https://two.example.com/").event("payment.*")).await?;
    ///
    ///     pay(&sender, "acct_1", 10).await?;
    ///     sender.answers([TestAnswer::status(500), TestAnswer::status(503).header("retry-after", "60")]);
    ///     sender.pass(Duration::from_secs(3600)).await?;         // an hour, with everything that falls due in it
    ///
    ///     sender.assert_sent("payment.created", "https://one.example.com/", 3);
    ///     sender.assert_sent("payment.created", "https://two.example.com/", 0);
    ///     let requests = sender.requests_to("https://one.example.com/");
    ///     assert_eq!(requests[0].data::<Payment>(), Payment { amount: 10 });
    ///     assert_eq!(requests[0].header("webhook-id"), requests[2].header("webhook-id"));
    ///     Ok(())
    /// }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(a_payment_is_told_to_the_account_and_again_when_it_could_not_be()).unwrap();
    /// ```
    pub fn testing() -> TestSenderBuilder {
        SenderBuilder::on(Store::memory()).testing()
    }
}

impl<D: Database> SenderBuilder<D> {
    /// The sender of these settings for a test, in the application's own database: with [`Sender::new`] and its pool, on
    /// SQLite or PostgreSQL, so that `send_in` is tested in the application's own transactions. Clock, randomness and
    /// transport are those of [`Sender::testing`]; nothing is sent before [`deliver`](Sender::deliver) is called.
    ///
    /// ```
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::{Sender, SubscriptionRequest};
    ///
    /// /// Sent when an invoice has been paid.
    /// #[whpost("invoice.paid", register = false)]
    /// async fn invoice_paid(number: u32);
    ///
    /// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir()?;
    /// # let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("app.db"));
    /// # let options = options.create_if_missing(true).journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    /// # let options = options.synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    /// # let pool = sqlx::SqlitePool::connect_with(options.busy_timeout(std::time::Duration::from_secs(10))).await?;
    /// // `pool` is the application's own, with its tables.
    /// let webhooks = Webhooks::new().with(invoice_paid).build()?;
    /// let sender = Sender::new(pool.clone()).webhooks(webhooks).testing().start().await?;
    /// let request = SubscriptionRequest::new("https://example.com/hook").event("*");
    /// sender.of("acct_1").subscribe(request).await?;
    ///
    /// let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    /// sqlx::query("CREATE TABLE invoice (number INTEGER)").execute(&mut *tx).await?;
    /// sender.send_in(&mut tx, "acct_1", invoice_paid(17)).await?;
    /// tx.commit().await?;
    ///
    /// sender.deliver().await?;
    /// sender.assert_sent("invoice.paid", "https://example.com/hook", 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "test")]
    #[doc(alias = "mock")]
    pub fn testing(self) -> TestSenderBuilder<D> {
        let transport = Arc::new(TestTransport::default());
        let clock = Clock::fixed_at(Duration::from_hours(500_000));
        let builder = self
            .clock(clock.clone())
            .entropy(SeededEntropy::new(7))
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
    pub fn webhooks(self, catalogue: Catalogue) -> Self {
        self.set(|builder| builder.webhooks(catalogue))
    }

    /// Sets anything else of the [`SenderBuilder`]. A clock, a transport and a source of randomness are set already;
    /// `TestSender`'s own methods work with these only.
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

/// A [`Sender`] for tests, with what a test asks. Made by [`Sender::testing`].
#[derive(Debug, Clone)]
pub struct TestSender<D: Database = Sqlite> {
    sender: Sender<D>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl<D: Database> TestSender<D> {
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

impl<D: Database> Deref for TestSender<D> {
    type Target = Sender<D>;

    fn deref(&self) -> &Sender<D> {
        &self.sender
    }
}
