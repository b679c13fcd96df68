//! Forms, whose fields are signed and not their bytes: what was signed is accepted, and the same pairs in another order too.

use std::time::{Duration, UNIX_EPOCH};

use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Receiver, Scheme, Secret};

use webhooks_signature::Outgoing;

use super::run::run;

/// A form that can be signed is verified, also with its pairs in another order, and a further field is noticed.
pub fn check(data: &[u8]) {
    let signer = Scheme::TWILIO
        .signer([Secret::new("s3cret").expect("a secret")])
        .expect("a signer");
    let message =
        Outgoing::new(data, UNIX_EPOCH + Duration::from_secs(1)).url("https://example.com/hook");
    if signer.sign(&message).is_err() {
        return;
    }
    let form = "application/x-www-form-urlencoded";
    let receiver: Receiver = Receiver::new(Provider::TWILIO)
        .secret("s3cret")
        .expect("a secret");
    let mut test = receiver
        .public_url("https://example.com/hook")
        .expect("a URL")
        .on_event("*", async || ())
        .testing(());
    let request = SignedRequest::new(data.to_vec()).header("content-type", form);
    let report = run(test.send_signed(request));
    assert_ne!(report.status(), 401, "{:?}", report.problems());
    assert!(!report.status().is_server_error(), "{report:?}");
    let genuine = test.last_request().expect("it was sent");

    let mut pairs: Vec<&[u8]> = data.split(|byte| *byte == b'&').collect();
    pairs.reverse();
    let mut reversed = genuine.clone();
    *reversed.body_mut() = pairs.join(&b'&').into();
    let report = run(test.send_as_it_is(reversed.map(Into::into)));
    assert_ne!(
        report.status(),
        401,
        "another order: {:?}",
        report.problems()
    );

    let mut further = genuine;
    *further.body_mut() = [data, b"&Further=field"].concat().into();
    let report = run(test.send_as_it_is(further.map(Into::into)));
    assert_eq!(report.status(), 401, "a further field");
}
