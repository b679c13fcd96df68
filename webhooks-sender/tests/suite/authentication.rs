//! How the sender authenticates itself to a target: sealed, never shown, and what the target asks for.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use webhooks_sender::database::Database;
use webhooks_sender::subscription::{
    Authentication, ClientCertificate, ClientCredentials, SealingKey,
};
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::transport::{Transport as _, TransportError};
use webhooks_sender::{Sender, SenderBuilder, Subscription, SubscriptionRequest};

use crate::jobs::{TARGET, on_both};
use crate::tls::{Authority, HOST, client, secure};
use crate::webhooks::{bare, payment, payment_created};

const TOKENS: &str = "https://auth.example.com/token";

on_both! {
    what_authenticates_is_sent_kept_and_shown_by_its_kind_alone(what_authenticates_on_postgres);
    a_token_is_kept_until_it_ends_and_asked_for_anew_after_401(a_token_on_postgres);
}

async fn kit<D: Database>(builder: SenderBuilder<D>) -> TestSender<D> {
    let builder = builder
        .webhooks(bare())
        .seal_with(SealingKey::new("k", [1; 32]));
    builder.testing().start().await.expect("a sender")
}

async fn send<D: Database>(sender: &TestSender<D>) {
    let message = payment_created(payment(1));
    sender.send("acct_1", message).await.expect("sent");
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new(TOKENS, "the client", "a secret/of it").scope("hooks write")
}

fn token(text: &str, expires_in: u64) -> TestAnswer {
    let body =
        format!(r#"{{"access_token":"{text}","token_type":"bearer","expires_in":{expires_in}}}"#);
    TestAnswer::status(200).body(body)
}

mod tests {
    use super::*;

    pub(super) async fn what_authenticates_is_sent_kept_and_shown_by_its_kind_alone<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let body = r#"{"target": "https://example.com/hook", "events": ["*"],
                       "authentication": {"type": "basic", "username": "webhooks", "password": "hunter2"}}"#;
        let request: SubscriptionRequest = serde_json::from_str(body).expect("JSON");
        assert!(!format!("{request:?}").contains("hunter2"));
        let id = account.subscribe(request).await.expect("subscribed").id;
        let header = async || {
            send(&sender).await;
            sender.deliver().await.expect("delivered");
            let request = sender.take_requests().remove(0);
            request.header("authorization").map(str::to_owned)
        };
        // `webhooks:hunter2` in base64.
        let basic = Some("Basic d2ViaG9va3M6aHVudGVyMg==".to_owned());
        assert_eq!(header().await, basic);
        let stored = account.subscription(&id).await.expect("there");
        let json = serde_json::to_value(&stored).expect("JSON");
        assert_eq!(json["authentication"], "basic");
        let shown = format!("{json} {stored:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("d2ViaG9"),
            "{shown}"
        );

        let change = SubscriptionRequest::from(&stored).description("the CRM");
        account.change(&id, change).await.expect("changed");
        assert_eq!(header().await, basic, "it stays");
        let request = || SubscriptionRequest::new(TARGET).event("*");
        let bearer = request().authentication(Authentication::bearer("a token"));
        account.change(&id, bearer).await.expect("changed");
        assert_eq!(header().await.as_deref(), Some("Bearer a token"));
        let none = request().authentication(Authentication::None);
        account.change(&id, none).await.expect("changed");
        assert_eq!(header().await, None);

        for (authentication, text) in [
            (Authentication::basic("a:b", "c"), "colon"),
            (Authentication::bearer("a\nb"), "visible ASCII"),
        ] {
            let refused = account
                .change(&id, request().authentication(authentication))
                .await;
            let error = refused.expect_err(text).to_string();
            assert!(error.contains(text), "{error}");
        }
        let twice = request().header("authorization", "Bearer hunter2hunter2");
        let twice = twice.authentication(Authentication::bearer("a token"));
        let error = account
            .change(&id, twice)
            .await
            .expect_err("twice")
            .to_string();
        assert!(
            error.contains("leave one of them out") && !error.contains("hunter"),
            "{error}"
        );
        let inside = ClientCredentials::new("https://10.0.0.1/token", "a", "b");
        let inside = request().authentication(Authentication::OAuth2(inside));
        account
            .change(&id, inside)
            .await
            .expect_err("an internal address");
    }

    pub(super) async fn a_token_is_kept_until_it_ends_and_asked_for_anew_after_401<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let request = SubscriptionRequest::new(TARGET).event("*");
        let request = request.authentication(Authentication::OAuth2(credentials()));
        let id = account.subscribe(request).await.expect("subscribed").id;
        let sent = || -> Vec<String> {
            let requests = sender.take_requests().into_iter();
            requests
                .map(|request| match request.target.as_str() {
                    TOKENS => "token".to_owned(),
                    _ => request.header("authorization").unwrap_or("none").to_owned(),
                })
                .collect()
        };
        // Two deliveries, one token.
        sender.answer(token("first", 3600));
        send(&sender).await;
        send(&sender).await;
        sender.deliver().await.expect("delivered");
        let asked = sender.requests().remove(0);
        let body = String::from_utf8(asked.body.to_vec()).expect("text");
        assert_eq!(body, "grant_type=client_credentials&scope=hooks+write");
        // The client and its secret, each encoded as in a form.
        let basic = format!("Basic {}", STANDARD.encode("the+client:a+secret%2Fof+it"));
        assert_eq!(asked.header("authorization"), Some(basic.as_str()));
        assert_eq!(sent(), ["token", "Bearer first", "Bearer first"]);

        // 401: a new token, once, within the same attempt.
        for answer in [
            token("old", 3600),
            TestAnswer::status(401),
            token("new", 3600),
            TestAnswer::status(204),
        ] {
            sender.answer(answer);
        }
        send(&sender).await;
        sender.deliver().await.expect("delivered");
        assert_eq!(sent(), ["token", "Bearer old", "token", "Bearer new"]);
        let attempts = account.attempts_to(&id, 1).await.expect("a page").items;
        assert_eq!((attempts[0].number, attempts[0].status), (1, Some(204)));

        // No token: an attempt that says so, and nothing is sent to the target.
        sender.answer(TestAnswer::status(400).body(r#"{"error":"invalid_client"}"#));
        send(&sender).await;
        sender.deliver().await.expect("tried");
        assert_eq!(sent(), ["token"]);
        let attempts = account.attempts_to(&id, 1).await.expect("a page").items;
        assert_eq!(attempts[0].error.as_deref(), Some("token"));
        assert_eq!(
            attempts[0].response, None,
            "what the authorization server says is kept from view"
        );
    }
}

/// A server that asks for a certificate of this authority.
async fn demanding(authority: &Authority, clients: &Authority) -> SocketAddr {
    let mut roots = RootCertStore::empty();
    roots.add(clients.root().into()).expect("a root");
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
    let leaf = CertificateParams::new([HOST.to_owned()]).expect("a name");
    let key = KeyPair::generate().expect("a key");
    let certificate = authority.sign(&leaf, &key);
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.build().expect("a verifier"))
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        );
    secure(config.expect("the key is the certificate's"))
        .await
        .0
}

fn issued(by: &Authority) -> ClientCertificate {
    let leaf = CertificateParams::new(["sender.example.com".to_owned()]).expect("a name");
    let key = KeyPair::generate().expect("a key");
    let pem = |label: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    let certificate = pem("CERTIFICATE", by.sign(&leaf, &key).der());
    ClientCertificate::pem(certificate, pem("PRIVATE KEY", &key.serialize_der()))
}

#[tokio::test]
async fn a_target_that_asks_for_a_certificate_is_shown_the_subscriptions() {
    let (authority, clients, strangers) = (Authority::new(), Authority::new(), Authority::new());
    let address = demanding(&authority, &clients).await;
    let client = client(Some(authority.root()));
    let post = async |certificate: Option<ClientCertificate>| {
        let mut request = http::Request::post(format!("https://{HOST}:{}/", address.port()))
            .body(bytes::Bytes::new())
            .expect("a request");
        if let Some(certificate) = certificate {
            request.extensions_mut().insert(certificate);
        }
        client
            .send(request)
            .await
            .map(|answer| answer.status.as_u16())
    };
    let own = issued(&clients);
    assert_eq!(post(Some(own.clone())).await, Ok(200));
    assert_eq!(
        post(Some(own)).await,
        Ok(200),
        "the connection is used again"
    );
    // Nor is that connection used for another client.
    assert_eq!(post(None).await, Err(TransportError::Tls));
    assert_eq!(
        post(Some(issued(&strangers))).await,
        Err(TransportError::Tls)
    );
}

#[tokio::test]
async fn a_certificate_is_checked_sealed_and_given_to_the_transport() {
    let clients = Authority::new();
    let (one, other) = (issued(&clients), issued(&clients));
    let sender = Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender");
    let wanted = |certificate: ClientCertificate| {
        let wanted = Subscription::new("acct_1", TARGET).event("*");
        wanted.client_certificate(certificate)
    };
    let id = sender.operator().subscribe(wanted(one.clone())).await;
    let id = id.expect("subscribed").id;
    let stored = sender.operator().subscription(&id).await.expect("there");
    let json = serde_json::to_string(&stored).expect("JSON");
    assert!(json.contains(r#""client_certificate":true"#), "{json}");
    assert!(!json.contains("BEGIN") && !format!("{stored:?}").contains("BEGIN"));
    assert_eq!(
        stored.settings.client_certificate.as_ref(),
        Some(&one),
        "for the operator's code"
    );
    let text = |certificate: &ClientCertificate| format!("{certificate:?}");
    assert!(!text(&other).contains("BEGIN"));
    for (bad, problem) in [
        (ClientCertificate::pem("", ""), "not a certificate in PEM"),
        (
            ClientCertificate::pem(TARGET, TARGET),
            "not a certificate in PEM",
        ),
    ] {
        let refused = sender.operator().subscribe(wanted(bad)).await;
        let error = refused.expect_err(problem).to_string();
        assert!(error.contains(problem), "{error}");
    }
}
