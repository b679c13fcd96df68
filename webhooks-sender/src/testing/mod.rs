//! A sender for tests: a database in memory, a clock that is turned by hand, no network.

mod transport;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use webhooks_core::Catalogue;
use webhooks_store::{Clock, Sqlite, Store};

use crate::builder::SenderBuilder;
use crate::chance::TestChance;
use crate::error::Error;
use crate::sender::Sender;

pub use transport::{TestAnswer, TestRequest, TestTransport};

/// How a [`TestSender`] is set up. Made by [`Sender::testing`].
#[must_use = "nothing happens before `start` is called"]
pub struct TestSenderBuilder {
    builder: SenderBuilder<Sqlite>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl Sender<Sqlite> {
    /// A sender for tests: a database in memory, a clock that stands still at 2027-01-15 08:00 UTC until it is turned,
    /// ids that are the same in each run, and no network. Every request is answered with 204 unless a test says
    /// otherwise.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_core::{Descriptor, Message, Webhooks};
    /// use webhooks_sender::{Sender, Subscription, TestAnswer};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// sender.subscribe(Subscription::new("acct_1", "https://example.com/hook").event("ping")).await?;
    /// sender.send("acct_1", Message::untyped(&PING, &12)).await?;
    ///
    /// sender.answer(TestAnswer::status(500));
    /// sender.deliver().await?;                          // fails
    /// sender.turn(Duration::from_secs(6));
    /// sender.deliver().await?;                          // succeeds
    /// sender.assert_sent("ping", "https://example.com/hook", 2);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn testing() -> TestSenderBuilder {
        let transport = Arc::new(TestTransport::default());
        let clock = Clock::fixed_at(Duration::from_hours(500_000));
        let builder = SenderBuilder::on(Store::memory())
            .clock(clock.clone())
            .chance(TestChance::seeded(7))
            .transport(Arc::clone(&transport))
            .without_engine();
        TestSenderBuilder { builder, transport, clock }
    }
}

impl TestSenderBuilder {
    /// The webhooks that can be sent.
    pub fn webhooks(self, catalogue: Catalogue) -> Self {
        self.set(|builder| builder.webhooks(catalogue))
    }

    /// Sets anything else of the [`SenderBuilder`].
    pub fn set(mut self, set: impl FnOnce(SenderBuilder<Sqlite>) -> SenderBuilder<Sqlite>) -> Self {
        self.builder = set(self.builder);
        self
    }

    /// The sender.
    ///
    /// # Errors
    ///
    /// As [`SenderBuilder::start`].
    pub async fn start(self) -> Result<TestSender, Error> {
        let Self { builder, transport, clock } = self;
        Ok(TestSender { sender: builder.start().await?, transport, clock })
    }
}

/// A [`Sender`] for tests, with what a test asks. Made by [`Sender::testing`].
#[derive(Debug, Clone)]
pub struct TestSender {
    sender: Sender<Sqlite>,
    transport: Arc<TestTransport>,
    clock: Clock,
}

impl TestSender {
    /// Turns the clock forward. Nothing is sent before [`deliver`](Sender::deliver) is called.
    pub fn turn(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Answers the next request like this, instead of with 204. Called several times, the answers are given in order.
    pub fn answer(&self, answer: TestAnswer) {
        self.transport.answer(answer);
    }

    /// The requests so far, in the order in which they were made.
    pub fn requests(&self) -> Vec<TestRequest> {
        self.transport.requests()
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
        let found =
            requests.iter().filter(|request| request.event() == Some(event) && request.target == target);
        let found = found.count();
        assert!(
            found == times,
            "`{event}` was sent {found} times to {target}, not {times}; what was sent: {:?}",
            requests.iter().map(|request| (request.event(), &request.target)).collect::<Vec<_>>()
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
        let sent: Vec<_> = requests.iter().map(|request| (request.event(), &request.target)).collect();
        assert!(sent.is_empty(), "this was sent: {sent:?}");
    }
}

impl Deref for TestSender {
    type Target = Sender<Sqlite>;

    fn deref(&self) -> &Sender<Sqlite> {
        &self.sender
    }
}
