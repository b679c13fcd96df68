//! Schemes as data: reading, writing, refusing.

use serde_json::{Value, json};
use webhooks_signature::{Scheme, Timestamp, UrlForm};

use crate::support::{scheme_texts, schemes};

#[test]
fn every_scheme_loads_and_comes_out_as_it_went_in() {
    let texts = scheme_texts();
    assert_eq!(texts.len(), 44);
    for (name, text) in texts {
        let scheme: Scheme =
            serde_json::from_value(text.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(&scheme).unwrap(), text, "{name}");
        let written = serde_json::to_string(&scheme).unwrap();
        assert_eq!(
            serde_json::from_str::<Scheme>(&written).unwrap(),
            scheme,
            "{name}"
        );
    }
}

#[test]
fn a_constant_is_the_scheme_of_the_same_name() {
    let schemes = schemes();
    for (name, constant) in [
        ("standard-webhooks-v1", Scheme::STANDARD_WEBHOOKS),
        ("standard-webhooks-v1", Scheme::GITLAB_SIGNED),
        ("standard-webhooks-v1a", Scheme::STANDARD_WEBHOOKS_ED25519),
        ("standard-webhooks-v1", Scheme::OPENAI),
        ("standard-webhooks-v1", Scheme::LITHIC),
        ("finch", Scheme::FINCH),
        ("modern-treasury", Scheme::MODERN_TREASURY),
        ("coinbase-commerce", Scheme::COINBASE_COMMERCE),
        ("scalr", Scheme::SCALR),
        ("plivo-v2", Scheme::PLIVO_V2),
        ("hubspot-v1", Scheme::HUBSPOT_V1),
        ("hubspot-v2", Scheme::HUBSPOT_V2),
        ("convoy-hex", Scheme::CONVOY),
        ("svix", Scheme::SVIX),
        ("github", Scheme::GITHUB),
        ("github", Scheme::META),
        ("github-sha1", Scheme::GITHUB_SHA1),
        ("gitlab-token", Scheme::GITLAB_TOKEN),
        ("bitbucket-server", Scheme::BITBUCKET),
        ("gitea", Scheme::GITEA),
        ("gogs", Scheme::GOGS),
        ("linear", Scheme::LINEAR),
        ("sentry", Scheme::SENTRY),
        ("stripe", Scheme::STRIPE),
        ("paddle", Scheme::PADDLE),
        ("shopify", Scheme::SHOPIFY),
        ("square", Scheme::SQUARE),
        ("razorpay", Scheme::RAZORPAY),
        ("gocardless", Scheme::GOCARDLESS),
        ("slack", Scheme::SLACK),
        ("discord", Scheme::DISCORD),
        ("twilio", Scheme::TWILIO),
        ("sendgrid", Scheme::SENDGRID),
        ("mandrill", Scheme::MANDRILL),
        ("line", Scheme::LINE),
        ("zoom", Scheme::ZOOM),
        ("workos", Scheme::WORKOS),
        ("hubspot-v3", Scheme::HUBSPOT_V3.url_form(UrlForm::Exact)),
        ("box", Scheme::BOX),
        ("dropbox", Scheme::DROPBOX),
        ("orb", Scheme::ORB),
    ] {
        assert_eq!(constant, schemes[name], "{name}");
        assert_eq!(constant.check(), Ok(()), "{name}");
    }
    assert_eq!(Scheme::TELNYX.check(), Ok(()));
    assert_eq!(Scheme::HUBSPOT_V3.check(), Ok(()));
    assert_eq!(Scheme::basic().check(), Ok(()));
}

/// A scheme that is right, with one member replaced; null removes it.
fn broken(path: &str, value: Value) -> String {
    let mut scheme = json!({
        "alg": "hmac-sha256",
        "key": ["utf8"],
        "sig": { "headers": ["x-sig"], "split": ",", "label": ["kv", "=", ["v1"]], "enc": "hex" },
        "base": "{id}.{ts}.{url}.{body}",
        "ts": { "src": ["field", "t"], "unit": "s", "past": 300, "future": null },
        "id": ["x-id"],
    });
    assert!(serde_json::from_value::<Scheme>(scheme.clone()).is_ok());
    let (parent, member) = path.rsplit_once('/').unwrap();
    let parent = scheme.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value == json!("(removed)") {
        parent.remove(member);
    } else {
        parent.insert(member.to_owned(), value);
    }
    let text = scheme.to_string();
    serde_json::from_str::<Scheme>(&text)
        .expect_err(&text)
        .to_string()
}

#[test]
fn a_wrong_value_is_refused_by_the_name_of_its_field() {
    for (path, value, field) in [
        ("/alg", json!("hmac-md5"), "`alg`"),
        ("/alg", json!(7), "`alg`"),
        ("/alg", json!("ed25519"), "`key`"),
        ("/alg", json!("sha256"), "`base`"),
        ("/alg", json!("token"), "`base`"),
        ("/key", json!("utf8"), "`key`"),
        ("/key", json!([]), "`key`"),
        ("/key", json!(["rot13"]), "`key`"),
        ("/key", json!(["utf8", "x"]), "`key`"),
        ("/key", json!(["ed25519hex"]), "`key`"),
        ("/sig", json!([]), "`sig`"),
        ("/sig/headers", json!("x-sig"), "`sig.headers`"),
        ("/sig/headers", json!([]), "`sig.headers`"),
        ("/sig/headers", json!([""]), "`sig.headers`"),
        ("/sig/headers", json!(["x sig"]), "`sig.headers`"),
        ("/sig/each", json!("yes"), "`sig.each`"),
        ("/sig/split", json!(", "), "`sig.split`"),
        ("/sig/split", json!("="), "`sig.label`"),
        ("/sig/split", json!("\u{2003}"), "`sig.split`"),
        ("/sig/split", json!(null), "`sig.split`"),
        ("/sig/label", json!(["kv", "="]), "`sig.label`"),
        ("/sig/label", json!(["kv", "=", []]), "`sig.label`"),
        ("/sig/label", json!(["kv", "=", [""]]), "`sig.label`"),
        ("/sig/label", json!(["kv", "=", ["t"]]), "`ts.src`"),
        ("/sig/label", json!(["prefix", ""]), "`sig.label`"),
        ("/sig/label", json!(["prefix", "v1="]), "`ts.src`"),
        ("/sig/label", json!(["suffix", "x"]), "`sig.label`"),
        ("/sig/enc", json!("raw"), "`sig.enc`"),
        ("/sig/enc", json!("HEX"), "`sig.enc`"),
        ("/sig/encoding", json!("hex"), "`sig.encoding`"),
        ("/base", json!(null), "`base`"),
        ("/base", json!(""), "`base`"),
        ("/base", json!("constant"), "`base`"),
        ("/base", json!("{id}.{ts}.{bdy}"), "`base`"),
        ("/base", json!("{id}.{ts}.{body"), "`base`"),
        ("/base", json!("{id}.{ts}.{secret}{body}"), "`base`"),
        ("/base", json!("{id}.{body}"), "`ts`"),
        ("/base", json!("{ts}.{body}"), "`id`"),
        ("/ts", json!(300), "`ts`"),
        ("/ts/src", json!("header"), "`ts.src`"),
        ("/ts/src", json!(["header", []]), "`ts.src`"),
        ("/ts/src", json!(["field", ""]), "`ts.src`"),
        ("/ts/src", json!(["json", "/"]), "`ts.src`"),
        ("/ts/src", json!(["cookie", "t"]), "`ts.src`"),
        ("/ts/unit", json!("minutes"), "`ts.unit`"),
        ("/ts/past", json!(-1), "`ts.past`"),
        ("/ts/future", json!("300"), "`ts.future`"),
        ("/ts/tolerance", json!(300), "`ts.tolerance`"),
        ("/id", json!("x-id"), "`id`"),
        ("/id", json!([]), "`id`"),
        ("/url", json!("anything"), "`url`"),
        ("/body_hash", json!(["header", "x"]), "`body_hash`"),
        ("/body_hash", json!(["query", "hash"]), "`body_hash`"),
        ("/require", json!({ "x y": "1" }), "`require`"),
        ("/require", json!({ "x-version": 1 }), "`require`"),
        ("/signature", json!({}), "`signature`"),
    ] {
        let error = broken(path, value.clone());
        assert!(error.starts_with(field), "{path} = {value}: {error}");
    }
}

#[test]
fn a_missing_member_is_named() {
    for path in [
        "/alg",
        "/key",
        "/sig",
        "/base",
        "/sig/headers",
        "/sig/enc",
        "/ts/src",
        "/ts/unit",
        "/id",
        "/ts",
    ] {
        let field = format!("`{}`", path[1..].replace('/', "."));
        let error = broken(path, json!("(removed)"));
        assert!(error.starts_with(&field), "{path}: {error}");
    }
}

#[test]
fn a_member_given_twice_is_refused() {
    let text = r#"{ "alg": "hmac-sha256", "alg": "token" }"#;
    assert!(
        serde_json::from_str::<Scheme>(text)
            .unwrap_err()
            .to_string()
            .starts_with("`alg`")
    );
}

#[test]
fn a_timestamp_that_is_not_signed_is_refused() {
    let scheme = Scheme::hmac_sha256("x-sig").timestamp(Timestamp::header("x-time"));
    assert_eq!(scheme.check().unwrap_err().field(), "ts");
    assert_eq!(scheme.base("{body}{h:X-Time}").check(), Ok(()));
}

#[test]
fn a_scheme_tells_what_it_reads_and_covers() {
    let scheme = Scheme::SVIX;
    assert_eq!(
        scheme.signature_headers().collect::<Vec<_>>(),
        ["svix-signature", "webhook-signature"]
    );
    assert_eq!(
        scheme.timestamp_headers().collect::<Vec<_>>(),
        ["svix-timestamp", "webhook-timestamp"]
    );
    assert_eq!(
        scheme.id_headers().collect::<Vec<_>>(),
        ["svix-id", "webhook-id"]
    );
    assert_eq!(Scheme::BOX.required_headers().count(), 2);
    assert!(scheme.signs_body() && !scheme.signs_url());
    assert!(Scheme::TWILIO.signs_body() && Scheme::TWILIO.signs_url());
    assert!(!Scheme::GITLAB_TOKEN.signs_body());
}
