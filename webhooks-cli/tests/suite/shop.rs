//! The application whose database the dashboard shows: it encrypts its secrets, and has sent what arrived and what did not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use webhooks_core::{Catalogue, Descriptor, Message, Webhooks};
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::testing::TestAnswer;
use webhooks_sender::{Sender, SenderBuilder, Subscription};
use webhooks_tests::database::Kind;

static PAYMENT: Descriptor = Descriptor::post("payment.created").payload::<serde_json::Value>();

const GOOD: &str = "https://good.example.com/hook";
const BAD: &str = "https://bad.example.com/hook";

/// What is in the database, by id.
pub(crate) struct Shop {
    pub(crate) good: String,
    pub(crate) bad: String,
    pub(crate) delivered: String,
    pub(crate) failed: String,
}

fn catalogue() -> Catalogue {
    Webhooks::new().with(&PAYMENT).build().expect("a catalogue")
}

fn message(amount: u32) -> Message {
    Message::untyped(&PAYMENT, &serde_json::json!({ "amount": amount }))
}

async fn builder<K: Kind>(address: &str) -> SenderBuilder<K> {
    let pool = K::open(address).await.expect("a pool");
    Sender::new(pool)
        .webhooks(catalogue())
        .retries(RetrySchedule::new([Duration::from_secs(1)]))
        .seal_with(SealingKey::new("2026-11", [7; 32]))
}

/// Fills a database, and closes it.
pub(crate) async fn fill<K: Kind>(address: &str) -> Shop {
    let sender = builder::<K>(address).await.testing().start().await;
    let sender = sender.expect("a sender");
    let mut ids = Vec::new();
    for target in [GOOD, BAD] {
        let wanted = Subscription::new("acct_1", target).event("payment.*");
        let made = sender.operator().subscribe(wanted).await;
        ids.push(made.expect("subscribed").id.to_string());
    }
    sender.answer_at(BAD, TestAnswer::status(500));
    sender.send("acct_1", message(17)).await.expect("sent");
    sender.deliver().await.expect("delivered");
    sender.pass(Duration::from_secs(10)).await.expect("passed");
    let ended = DeliveryFilter::new().ended();
    let ended = sender.operator().deliveries(&ended, 10).await;
    let ended = ended.expect("deliveries").items;
    let of = |id: &str| {
        let found = ended.iter().find(|one| one.subscription.to_string() == id);
        found.expect("a delivery that has ended").id.to_string()
    };
    let (delivered, failed) = (of(&ids[0]), of(&ids[1]));
    sender.sender().shut_down().await;
    Shop {
        good: ids.remove(0),
        bad: ids.remove(0),
        delivered,
        failed,
    }
}

/// The application at work: it delivers to a target on this machine.
pub(crate) struct Working<K: Kind> {
    sender: Sender<K>,
}

impl<K: Kind> Working<K> {
    pub(crate) async fn start(address: &str) -> Self {
        let builder = builder::<K>(address).await;
        let sender = builder.targets(TargetPolicy::development()).start().await;
        let sender = sender.expect("a sender");
        let target = format!("http://{}/", target());
        let wanted = Subscription::new("acct_2", target).event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("subscribed");
        Self { sender }
    }

    /// Sends a message, and returns its id when it has arrived.
    pub(crate) async fn send(&self) -> String {
        let sent = self.sender.send("acct_2", message(42)).await.expect("sent");
        let arrived = DeliveryFilter::new().message(sent.id.clone()).ended();
        loop {
            let found = self.sender.operator().deliveries(&arrived, 1).await;
            if let [_] = found.expect("deliveries").items.as_slice() {
                return sent.id.to_string();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn stop(self) {
        self.sender.shut_down().await;
    }
}

/// A target that takes everything.
fn target() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream);
        }
    });
    address
}

/// One request of a few hundred bytes.
fn answer(mut stream: impl Read + Write) {
    let mut request = [0; 8192];
    // Whatever it was: the sender looks at the answer alone.
    let _ = stream.read(&mut request);
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}
