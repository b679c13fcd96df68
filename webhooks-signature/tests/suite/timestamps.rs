//! Timestamps: form, unit, tolerance.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use webhooks_signature::{Outgoing, Reason, Scheme, Timestamp};

use crate::support::{NOW, at, secret, signed, standard, verdict_at};

fn standard_at(time: &str, now: SystemTime) -> Result<(), Reason> {
    let headers = [
        ("webhook-id", standard::ID),
        ("webhook-timestamp", time),
        ("webhook-signature", standard::SIGNATURE),
    ];
    verdict_at(
        &Scheme::STANDARD_WEBHOOKS,
        &secret(standard::SECRET),
        &headers,
        standard::BODY,
        now,
    )
    .map(|_| ())
}

#[test]
fn the_boundary_of_300_seconds_is_inside_on_both_sides() {
    let check = |now| standard_at(&standard::TIME.to_string(), at(now));
    assert_eq!(check(standard::TIME + 300), Ok(()));
    assert_eq!(check(standard::TIME - 300), Ok(()));
    let (age, ahead) = (Duration::from_secs(301), Duration::from_secs(301));
    let tolerance = Duration::from_secs(300);
    assert_eq!(
        check(standard::TIME + 301),
        Err(Reason::TooOld { age, tolerance })
    );
    assert_eq!(
        check(standard::TIME - 301),
        Err(Reason::TooNew { ahead, tolerance })
    );
}

/// A sender cuts its clock to whole seconds; so does the receiver, or it would refuse 300 s and a bit.
#[test]
fn fractions_of_our_clock_do_not_count_against_whole_seconds() {
    let check = |now| standard_at(&standard::TIME.to_string(), now);
    assert_eq!(
        check(at(standard::TIME + 300) + Duration::from_millis(999)),
        Ok(())
    );
    assert!(check(at(standard::TIME - 300) - Duration::from_millis(1)).is_err());
}

#[test]
fn only_plain_digits_are_a_timestamp() {
    for text in [
        "+1614265330",
        "-1614265330",
        "-1",
        "1614265330.0",
        "1.0",
        "1614265330 ",
        " 1614265330",
        "0x603801b2",
        "1_614_265_330",
        "1614265330s",
        "1.614265330e9",
        "hello",
        "NaN",
        "\u{664}\u{661}",
        "-9223372036854775808",
        "9223372036854775807",
        "99999999999999999999999",
        "123456789012345678901234567890",
        "1234567890123456",
        "2021-02-25T15:02:10Z",
    ] {
        assert_eq!(
            standard_at(text, at(standard::TIME)),
            Err(Reason::MalformedTimestamp),
            "{text}"
        );
    }
    let missing = Err(Reason::MissingTimestamp);
    assert_eq!(standard_at("", at(standard::TIME)), missing);
}

/// The crate standardwebhooks parses the number and signs what it prints again, and accepts this.
#[test]
fn leading_zeros_are_signed_as_they_came() {
    assert_eq!(
        standard_at("0001614265330", at(standard::TIME)),
        Err(Reason::Mismatch)
    );
}

#[test]
fn fifteen_digits_are_read_and_refused_as_too_new() {
    let scheme = Scheme::hmac_sha256("x-sig")
        .base("{ts}")
        .timestamp(Timestamp::header("x-time"));
    let text = "999999999999999";
    let plain = Scheme::hmac_sha256("x-sig");
    let signature = signed(&plain, &secret("k"), text.as_bytes()).remove(0).1;
    let headers = [("x-time", text), ("x-sig", signature.as_str())];
    for now in [UNIX_EPOCH, at(NOW), at(NOW * 1000)] {
        let verdict = verdict_at(&scheme, &secret("k"), &headers, b"", now);
        assert!(matches!(verdict, Err(Reason::TooNew { .. })), "{verdict:?}");
    }
    assert!(verdict_at(&scheme.any_age(), &secret("k"), &headers, b"", at(NOW)).is_ok());
}

#[test]
fn any_clock_is_survived() {
    let far = UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX) * 1_000);
    let before = UNIX_EPOCH - Duration::from_secs(86_400 * 365 * 1_000);
    for now in [far, before, UNIX_EPOCH] {
        assert!(standard_at(&standard::TIME.to_string(), now).is_err());
    }
}

#[test]
fn milliseconds_are_not_taken_for_seconds_nor_the_reverse() {
    let (s, ms) = (
        Scheme::STRIPE,
        Scheme::STRIPE.timestamp(Timestamp::field("t").millis()),
    );
    let key = secret("k");
    for (signs, verifies) in [(&s, &ms), (&ms, &s)] {
        let headers = signed(signs, &key, b"{}");
        assert!(verdict_at(signs, &key, &headers, b"{}", at(NOW)).is_ok());
        let refused = verdict_at(&verifies.clone().any_age(), &key, &headers, b"{}", at(NOW));
        assert!(refused.is_ok(), "the text is signed as it stands");
    }
    let in_ms = signed(&ms, &key, b"{}");
    assert!(verdict_at(&Scheme::SLACK, &key, &in_ms, b"{}", at(NOW)).is_err());
    let strict = Scheme::STRIPE.timestamp(Timestamp::field("t"));
    assert!(matches!(
        verdict_at(&strict, &key, &in_ms, b"{}", at(NOW)),
        Err(Reason::TooNew { .. })
    ));
    assert!(matches!(
        verdict_at(&ms, &key, &signed(&s, &key, b"{}"), b"{}", at(NOW)),
        Err(Reason::TooOld { .. })
    ));
}

/// Stripe's own libraries bound only the past.
#[test]
fn a_stripe_timestamp_may_lie_in_the_future() {
    let headers = signed(&Scheme::STRIPE, &secret("k"), b"{}");
    let check = |now| verdict_at(&Scheme::STRIPE, &secret("k"), &headers, b"{}", at(now));
    assert!(check(NOW - 86_400).is_ok());
    assert!(check(NOW + 300).is_ok());
    assert!(check(NOW + 301).is_err());
}

#[test]
fn paddle_allows_five_seconds() {
    let headers = signed(&Scheme::PADDLE, &secret("k"), b"{}");
    let check = |now| verdict_at(&Scheme::PADDLE, &secret("k"), &headers, b"{}", at(now)).is_ok();
    assert!(check(NOW) && check(NOW + 5) && !check(NOW + 6));
}

#[test]
fn a_tolerance_of_zero_means_zero() {
    let scheme = Scheme::SLACK.tolerance(Duration::ZERO);
    let headers = signed(&scheme, &secret("k"), b"{}");
    let check = |now| verdict_at(&scheme, &secret("k"), &headers, b"{}", at(now)).is_ok();
    assert!(check(NOW) && !check(NOW + 1) && !check(NOW - 1));
}

#[test]
fn a_repeated_timestamp_field_is_ambiguous() {
    let key = secret("k");
    let header = signed(&Scheme::STRIPE, &key, b"{}").remove(0).1;
    for header in [
        format!("{header},t={NOW}"),
        format!("t=1,{header}"),
        format!("{header},t="),
    ] {
        let verdict = verdict_at(
            &Scheme::STRIPE,
            &key,
            &[("stripe-signature", &header)],
            b"{}",
            at(NOW),
        );
        assert_eq!(
            verdict,
            Err(Reason::RepeatedField {
                field: "t".to_owned()
            }),
            "{header}"
        );
    }
}

#[test]
fn a_missing_timestamp_is_refused() {
    let key = secret("k");
    let header = signed(&Scheme::STRIPE, &key, b"{}").remove(0).1;
    let without = header.split_once(',').unwrap().1;
    let verdict = verdict_at(
        &Scheme::STRIPE,
        &key,
        &[("stripe-signature", without)],
        b"{}",
        at(NOW),
    );
    assert_eq!(verdict, Err(Reason::MissingTimestamp));
}

#[test]
fn iso_8601_is_utc_unless_it_says_otherwise() {
    let scheme = Scheme::ORB;
    let check = |time: &str, now: u64| {
        let plain = Scheme::hmac_sha256("x-orb-signature")
            .list(' ')
            .versions('=', &["v1"])
            .base("v1:{h:x-orb-timestamp}:{body}");
        let extra = [("x-orb-timestamp", time)];
        let signer = plain.signer([secret("k")]).unwrap();
        let headers = signer
            .sign(&Outgoing::new(b"{}", at(now)).headers(&extra))
            .unwrap();
        let mut headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        headers.push(("X-Orb-Timestamp", time));
        verdict_at(&scheme, &secret("k"), &headers, b"{}", at(now))
            .map(|verified| verified.timestamp().unwrap())
    };
    for time in [
        "2023-11-14T22:13:20",
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.000000",
        "2023-11-15T00:13:20+02:00",
        "2023-11-14T14:13:20-08:00",
        "2023-11-14t22:13:20z",
    ] {
        assert_eq!(check(time, NOW), Ok(at(NOW)), "{time}");
        assert!(check(time, NOW + 300).is_ok() && check(time, NOW - 300).is_ok());
        assert!(matches!(check(time, NOW + 301), Err(Reason::TooOld { .. })));
    }
    for time in [
        "2023-11-14",
        "1700000000",
        "2023-11-14T25:00:00Z",
        "22:13:20",
        "2023-11-14T22:13:20[UTC]",
        "T",
        "yesterday",
    ] {
        assert_eq!(check(time, NOW), Err(Reason::MalformedTimestamp), "{time}");
    }
}

#[test]
fn a_timestamp_inside_the_body_is_found_and_checked() {
    let key = secret("k");
    let check = |body: &str, now| {
        let headers = signed(&Scheme::LINEAR, &key, body.as_bytes());
        verdict_at(&Scheme::LINEAR, &key, &headers, body.as_bytes(), at(now)).map(|_| ())
    };
    let body = format!(r#"{{"data":{{"webhookTimestamp":1}},"webhookTimestamp":{NOW}000}}"#);
    assert_eq!(check(&body, NOW), Ok(()));
    assert_eq!(check(&body, NOW + 60), Ok(()));
    assert!(matches!(check(&body, NOW + 61), Err(Reason::TooOld { .. })));
    assert!(matches!(check(&body, NOW - 61), Err(Reason::TooNew { .. })));
    assert_eq!(check("{}", NOW), Err(Reason::MissingTimestamp));
    assert_eq!(check("not json", NOW), Err(Reason::MalformedBody));
    assert_eq!(check("", NOW), Err(Reason::MalformedBody));
    let twice = format!(r#"{{"webhookTimestamp":{NOW}000,"webhookTimestamp":{NOW}000}}"#);
    assert_eq!(check(&twice, NOW), Err(Reason::MalformedTimestamp));
    for number in [
        "-1",
        "1.0",
        "1e3",
        "\"+1\"",
        "true",
        "123456789012345678901234567890",
        "9223372036854775808",
    ] {
        let body = format!(r#"{{"webhookTimestamp":{number}}}"#);
        assert_eq!(
            check(&body, NOW),
            Err(Reason::MalformedTimestamp),
            "{number}"
        );
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(check(&deep, NOW).is_err());
}

/// Nothing separates Discord's timestamp from the body, so a digit can move over; only the age tells.
#[test]
fn a_border_moved_from_timestamp_to_body_is_refused_by_the_tolerance() {
    let scheme = Scheme::hmac_sha256("x-sig")
        .base("{ts}{body}")
        .timestamp(Timestamp::header("x-time"));
    let mut headers = signed(&scheme, &secret("k"), b"{}");
    headers[0].1 = "1700000".to_owned();
    let moved = b"000{}";
    assert!(matches!(
        verdict_at(&scheme, &secret("k"), &headers, moved, at(NOW)),
        Err(Reason::TooOld { .. })
    ));
    assert!(verdict_at(&scheme.any_age(), &secret("k"), &headers, moved, at(NOW)).is_ok());
}

#[test]
fn what_was_signed_is_handed_out() {
    let headers = signed(&Scheme::STANDARD_WEBHOOKS, &secret(standard::SECRET), b"{}");
    let verified = verdict_at(
        &Scheme::STANDARD_WEBHOOKS,
        &secret(standard::SECRET),
        &headers,
        b"{}",
        at(NOW + 7),
    )
    .unwrap();
    assert_eq!(
        (verified.id(), verified.timestamp(), verified.secret()),
        (Some("msg_1"), Some(at(NOW)), 0)
    );
}
