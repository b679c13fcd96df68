//! How requests are signed: with several secrets, under several schemes, or not at all.

use std::time::Duration;

use webhooks_sender::dialect::{Dialect, Scheme};
use webhooks_sender::{Secret, Sender, Subscription};

use crate::requests::{TARGET, sender, verified};
use crate::webhooks::{bare, payment, payment_created};

#[tokio::test]
async fn rotation_signs_with_both_secrets_until_the_grace_period_ends() {
    let sender = sender().await;
    let subscribed = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("made");
    let old = subscribed.secret.expect("a secret");
    let new = sender
        .operator()
        .rotate(&subscribed.id, Duration::from_hours(1))
        .await
        .expect("rotated");
    assert_ne!(old, new);
    for (wait, both) in [(0, true), (3601, false)] {
        sender.turn(Duration::from_secs(wait));
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        sender.deliver().await.expect("delivered");
        let request = sender.take_requests().remove(0);
        assert!(verified(
            &request,
            &Scheme::STANDARD_WEBHOOKS,
            &new,
            sender.now()
        ));
        assert_eq!(
            verified(&request, &Scheme::STANDARD_WEBHOOKS, &old, sender.now()),
            both,
            "after {wait} s"
        );
    }
}

#[tokio::test]
async fn a_key_pair_signs_v1a_beside_v1_while_changing_over() {
    let sender = sender().await;
    let subscribed = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("made");
    let pair = Secret::generate_ed25519().expect("randomness");
    sender
        .operator()
        .rotate_to(&subscribed.id, pair.clone(), Duration::from_mins(1))
        .await
        .expect("rotated");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    let signature = request.header("webhook-signature").expect("a signature");
    let versions: Vec<_> = signature
        .split(' ')
        .filter_map(|one| one.split(',').next())
        .collect();
    assert_eq!(versions, ["v1a", "v1"]);
    let public = pair.public_key().expect("the public half");
    assert!(verified(
        request,
        &Scheme::STANDARD_WEBHOOKS_ED25519,
        &public,
        sender.now()
    ));
    assert!(verified(
        request,
        &Scheme::STANDARD_WEBHOOKS,
        &subscribed.secret.expect("v1"),
        sender.now()
    ));
}

#[tokio::test]
async fn rest_hooks_are_unsigned_or_signed_and_name_no_event() {
    let sender = sender().await;
    let unsigned = Subscription::new("acct_1", "https://a.example.com/")
        .event("payment.created")
        .dialect("rest-hooks");
    assert_eq!(
        sender
            .operator()
            .subscribe(unsigned)
            .await
            .expect("made")
            .secret,
        None
    );
    let secret = Secret::new("a secret that is long enough").expect("a secret");
    let signed = Subscription::new("acct_1", "https://b.example.com/").event("payment.created");
    let signed = signed.dialect("rest-hooks-signed").secret(secret.clone());
    sender.operator().subscribe(signed).await.expect("made");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    for request in sender.requests() {
        assert!(
            request
                .headers
                .keys()
                .all(|name| !name.as_str().starts_with("webhook-")),
            "{:?}",
            request.headers
        );
        let is_signed = request.target.contains("//b.");
        assert_eq!(request.header("x-hook-signature").is_some(), is_signed);
        if is_signed {
            assert!(verified(
                &request,
                &Scheme::hmac_sha256("x-hook-signature"),
                &secret,
                sender.now()
            ));
        }
    }
}

#[tokio::test]
async fn any_scheme_can_sign() {
    let acme = Dialect::signed("acme", Scheme::GITHUB)
        .event_header("x-acme-event")
        .id_header("x-acme-delivery");
    let sender = Sender::testing()
        .webhooks(bare())
        .set(|builder| builder.dialect(acme));
    let sender = sender.start().await.expect("a sender");
    let secret = Secret::new("a secret that is long enough").expect("a secret");
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .secret(secret.clone());
    sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("a subscription");
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let request = &sender.requests()[0];
    assert!(verified(request, &Scheme::GITHUB, &secret, sender.now()));
    assert_eq!(request.header("x-acme-event"), Some("payment.created"));
    assert_eq!(request.header("x-acme-delivery"), Some(sent.id.as_str()));
}
