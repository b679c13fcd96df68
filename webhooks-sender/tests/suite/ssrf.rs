//! The guard against server-side request forgery: no way leads to an address that is not of the public internet.
//!
//! On the wire, 127.0.0.2 stands for the public internet: the tests' policy allows it, and 127.0.0.1 is the inside.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::target::{TargetError, TargetPolicy};
use webhooks_sender::transport::{HttpClient, TransportError};
use webhooks_sender::{Error, Sender, Subscription};

use crate::dns::Dns;
use crate::literals::inside;
use crate::raw::{OK, post, read_request};
use crate::webhooks::{bare, payment, payment_created};

/// Counts who comes to an address of this machine, and answers 200.
fn guest_book(listener: TcpListener) -> Arc<AtomicUsize> {
    let guests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&guests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                read_request(&mut stream).await;
                // Closed behind each answer, so that the name is asked for each time.
                let _ = stream
                    .write_all(&[&OK[..17], b"connection: close\r\n", &OK[17..]].concat())
                    .await;
            });
        }
    });
    guests
}

/// The public internet and the inside, on one port.
async fn outside_and_inside() -> (u16, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    loop {
        let outside = TcpListener::bind(("127.0.0.2", 0)).await.expect("a port");
        let port = outside.local_addr().expect("an address").port();
        // Another process may have the port of the other address.
        if let Ok(inside) = TcpListener::bind(("127.0.0.1", port)).await {
            return (port, guest_book(outside), guest_book(inside));
        }
    }
}

fn policy() -> TargetPolicy {
    TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.2/32".parse().expect("a net"))
}

fn client(policy: TargetPolicy, dns: &Dns) -> HttpClient {
    let client = HttpClient::builder(policy)
        .resolver(dns.clone())
        .timeout(Duration::from_secs(10));
    client.build().expect("a client")
}

#[tokio::test]
async fn no_name_leads_inside_alone_or_among_public_addresses() {
    let (port, outside, _) = outside_and_inside().await;
    let dns = Dns::start().await;
    let client = client(policy(), &dns);
    let url = format!("http://hooks.example.com:{port}/");
    for (kind, address) in inside() {
        let address = address.to_string();
        for answer in [
            &[address.as_str()][..],
            &["127.0.0.2", &address],
            &[&address, "127.0.0.2"],
        ] {
            dns.set("hooks.example.com", &[answer]);
            let result = post(&client, &url).await;
            assert_eq!(
                result.err(),
                Some(TransportError::Host),
                "{kind}: {answer:?}"
            );
        }
    }
    assert_eq!(
        outside.load(Ordering::SeqCst),
        0,
        "a name with one bad address is not dialled at all"
    );
    dns.set("hooks.example.com", &[&["127.0.0.2"]]);
    assert_eq!(
        post(&client, &url).await.expect("an answer").status,
        200,
        "and a good one is"
    );
    dns.set("hooks.example.com", &[&[]]);
    assert_eq!(
        post(&client, &url).await.err(),
        Some(TransportError::Host),
        "a name without an address"
    );
}

#[tokio::test]
async fn a_name_that_changes_between_check_and_dial_changes_nothing() {
    let (port, outside, inside) = outside_and_inside().await;
    let dns = Dns::start().await;
    dns.set("rebinding.example.com", &[&["127.0.0.2"], &["127.0.0.1"]]);
    let client = client(policy(), &dns);
    let url = format!("http://rebinding.example.com:{port}/");
    // Asked once: the address that was vetted is the one that is dialled, whatever the name means by then.
    assert_eq!(post(&client, &url).await.expect("an answer").status, 200);
    assert_eq!(dns.asked("rebinding.example.com"), 1);
    assert_eq!(post(&client, &url).await.err(), Some(TransportError::Host));
    assert_eq!(
        dns.asked("rebinding.example.com"),
        2,
        "asked again for each connection"
    );
    assert_eq!(
        (
            outside.load(Ordering::SeqCst),
            inside.load(Ordering::SeqCst)
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn the_connector_vets_literals_that_no_policy_has_seen() {
    let (port, _, inside) = outside_and_inside().await;
    let client = client(policy(), &Dns::start().await);
    for host in [
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "0x7f.1",
        "2130706433",
        "localhost",
    ] {
        let result = post(&client, &format!("http://{host}:{port}/")).await;
        assert_eq!(result.err(), Some(TransportError::Host), "{host}");
    }
    assert_eq!(inside.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn for_development_nets_hosts_and_ports_are_allowed_one_by_one() {
    let (port, _, inside) = outside_and_inside().await;
    let dns = Dns::start().await;
    dns.set("backend", &[&["127.0.0.1"]]);
    dns.set("app.example.com", &[&["127.0.0.1"]]);
    let by_net = || {
        TargetPolicy::default()
            .allow_http()
            .allow_net("127.0.0.0/8".parse().expect("a net"))
    };
    let by_host = || TargetPolicy::default().allow_http().allow_host("backend");
    for (policy, host, allowed) in [
        (by_net(), "127.0.0.1", true),
        (by_net(), "app.example.com", true),
        (by_net(), "backend", false),
        (by_host(), "backend", true),
        (by_host(), "app.example.com", false),
        (by_host(), "127.0.0.1", false),
        (by_net().ports([port..=port]), "127.0.0.1", true),
        (by_net().ports([443..=443]), "127.0.0.1", false),
    ] {
        let sender = Sender::testing().webhooks(bare());
        let transport = client(policy.clone(), &dns);
        let sender = sender.set(|builder| builder.targets(policy).transport(transport));
        let sender = sender.start().await.expect("a sender");
        let wanted = Subscription::new("acct_1", format!("http://{host}:{port}/")).event("*");
        let before = inside.load(Ordering::SeqCst);
        if sender.operator().subscribe(wanted).await.is_ok() {
            sender
                .send("acct_1", payment_created(payment(1)))
                .await
                .expect("sent");
            sender.deliver().await.expect("delivered");
        }
        assert_eq!(
            inside.load(Ordering::SeqCst) - before,
            usize::from(allowed),
            "{host}"
        );
    }
}

#[tokio::test]
async fn an_attempt_that_the_guard_stopped_is_recorded_without_saying_why() {
    let (port, _, inside) = outside_and_inside().await;
    let dns = Dns::start().await;
    dns.set("hooks.example.com", &[&["127.0.0.1"]]);
    let transport = client(policy(), &dns);
    let sender = Sender::testing().webhooks(bare());
    let sender = sender.set(|builder| {
        builder
            .targets(policy())
            .transport(transport)
            .retries(RetrySchedule::new([]))
    });
    let sender = sender.start().await.expect("a sender");
    let wanted =
        Subscription::new("acct_1", format!("http://hooks.example.com:{port}/")).event("*");
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("names are vetted when they are dialled");
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("tried");
    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(delivery.state, DeliveryState::Failed);
    // The same for an address inside and for a name that does not exist.
    let attempt = sender
        .operator()
        .attempts(&delivery.id)
        .await
        .expect("attempts")
        .remove(0);
    assert_eq!(
        (attempt.status, attempt.error.as_deref()),
        (None, Some("host"))
    );
    assert_eq!(inside.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_stored_target_is_held_against_the_policy_of_today() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = async |policy: TargetPolicy| {
        let sender = Sender::open(folder.path().join("w.db"))
            .webhooks(bare())
            .without_engine();
        sender.targets(policy).start().await.expect("a sender")
    };
    let (port, _, inside) = outside_and_inside().await;
    let loose = start(
        TargetPolicy::default()
            .allow_http()
            .allow_net("127.0.0.0/8".parse().expect("a net")),
    )
    .await;
    let wanted = Subscription::new("acct_1", format!("http://127.0.0.1:{port}/")).event("*");
    let id = loose
        .operator()
        .subscribe(wanted)
        .await
        .expect("allowed")
        .id;
    let sent = loose
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    loose.shut_down().await;
    let strict = start(TargetPolicy::default()).await;
    assert_eq!(strict.deliver().await.expect("put off"), 0);
    let delivery = strict
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    // No attempt is used: a process with the other policy may still run.
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Pending, 0)
    );
    assert_eq!(inside.load(Ordering::SeqCst), 0);
    let same = Subscription::new("acct_1", format!("http://127.0.0.1:{port}/")).event("payment.*");
    assert!(matches!(
        strict.operator().change(&id, same).await,
        Err(Error::Target(TargetError::NotHttps))
    ));
}
