//! The URL that was signed: configured, the request's own, or what a trusted proxy says.

use std::net::IpAddr;

use webhooks_signature::{
    Headers, Outgoing, Reason, Request, Scheme, SchemeVerifier, TrustedProxies, UrlError, Verifier,
};

use crate::support::{NOW, at, secret};

const PUBLIC: &str = "https://hooks.example.com/square?x=1";

fn verifier() -> SchemeVerifier {
    Scheme::SQUARE.verifier([secret("k")]).unwrap()
}

/// Headers of a request that was signed for [`PUBLIC`], and these.
fn headers(others: &[(&str, &str)]) -> Vec<(String, String)> {
    let signer = Scheme::SQUARE.signer([secret("k")]).unwrap();
    let signed = signer
        .sign(&Outgoing::new(b"{}", at(NOW)).url(PUBLIC))
        .unwrap();
    let others = others
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    signed
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(others)
        .collect()
}

fn verdict(
    verifier: &SchemeVerifier,
    headers: &dyn Headers,
    url: &str,
    peer: Option<&str>,
) -> Result<(), Reason> {
    let mut request = Request::new(headers, b"{}").url(url);
    if let Some(peer) = peer {
        request = request.peer(peer.parse::<IpAddr>().unwrap());
    }
    verifier
        .verify(&request, at(NOW))
        .map(|_| ())
        .map_err(|rejection| rejection.reason().clone())
}

#[test]
fn a_configured_url_is_taken_whatever_the_request_says() {
    let verifier = verifier().public_url(PUBLIC).unwrap();
    for url in ["", "/inner", "http://10.0.0.1:8080/square", PUBLIC] {
        assert_eq!(
            verdict(&verifier, &headers(&[("Host", "10.0.0.1")]), url, None),
            Ok(()),
            "{url}"
        );
    }
    let other = self::verifier()
        .public_url("https://hooks.example.com/other")
        .unwrap();
    assert_eq!(
        verdict(&other, &headers(&[]), PUBLIC, None),
        Err(Reason::Mismatch)
    );
}

#[test]
fn a_configured_origin_takes_path_and_query_from_the_request() {
    let verifier = verifier()
        .public_origin("https://hooks.example.com/")
        .unwrap();
    for url in ["/square?x=1", "http://10.0.0.1:8080/square?x=1"] {
        assert_eq!(
            verdict(&verifier, &headers(&[]), url, None),
            Ok(()),
            "{url}"
        );
    }
    assert_eq!(
        verdict(&verifier, &headers(&[]), "/square?x=2", None),
        Err(Reason::Mismatch)
    );
    assert_eq!(
        verdict(&verifier, &headers(&[]), "", None),
        Err(Reason::UnknownUrl)
    );
    assert_eq!(
        verdict(&verifier, &headers(&[]), "*", None),
        Err(Reason::UnknownUrl)
    );
}

#[test]
fn an_absolute_url_of_the_request_is_taken_as_it_is() {
    assert_eq!(
        verdict(
            &verifier(),
            &headers(&[("host", "elsewhere")]),
            PUBLIC,
            None
        ),
        Ok(())
    );
}

#[test]
fn forwarded_headers_count_only_from_a_trusted_proxy() {
    let verifier = verifier().behind(TrustedProxies::new(["10.0.0.0/8", "2001:db8::1"]).unwrap());
    let forwarded = headers(&[
        ("Host", "inner"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "hooks.example.com"),
    ]);
    for peer in ["10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3"] {
        assert_eq!(
            verdict(&verifier, &forwarded, "/square?x=1", Some(peer)),
            Ok(()),
            "{peer}"
        );
    }
    for peer in [
        Some("11.0.0.1"),
        Some("2001:db8::2"),
        Some("::ffff:11.0.0.1"),
        None,
    ] {
        assert_eq!(
            verdict(&verifier, &forwarded, "/square?x=1", peer),
            Err(Reason::Mismatch),
            "{peer:?}"
        );
    }
    assert_eq!(
        verdict(
            &self::verifier(),
            &forwarded,
            "/square?x=1",
            Some("10.1.2.3")
        ),
        Err(Reason::Mismatch)
    );
}

/// A client can send elements of its own; the proxy appends what it saw.
#[test]
fn the_last_forwarded_element_counts() {
    let verifier = verifier().behind(TrustedProxies::new(["10.0.0.1"]).unwrap());
    let check = |host: &str, proto: &str| {
        let headers = headers(&[("X-Forwarded-Host", host), ("X-Forwarded-Proto", proto)]);
        verdict(&verifier, &headers, "/square?x=1", Some("10.0.0.1"))
    };
    assert_eq!(
        check("evil.example, hooks.example.com", "http, https"),
        Ok(())
    );
    assert_eq!(
        check("hooks.example.com, evil.example", "https"),
        Err(Reason::Mismatch)
    );
    assert_eq!(
        check("hooks.example.com/x?", "https"),
        Err(Reason::UnknownUrl)
    );
    assert_eq!(check("hooks.example.com", "ftp"), Err(Reason::UnknownUrl));
}

#[test]
fn a_proxy_that_forwards_the_host_header_is_enough() {
    let verifier = verifier().behind(TrustedProxies::new(["10.0.0.1"]).unwrap());
    let headers = headers(&[
        ("Host", "hooks.example.com"),
        ("X-Forwarded-Proto", "https"),
    ]);
    assert_eq!(
        verdict(&verifier, &headers, "/square?x=1", Some("10.0.0.1")),
        Ok(())
    );
}

#[test]
fn without_any_url_the_request_is_refused() {
    assert_eq!(
        verdict(&verifier(), &headers(&[]), "", None),
        Err(Reason::UnknownUrl)
    );
    assert_eq!(
        verdict(&verifier(), &headers(&[]), "/square?x=1", None),
        Err(Reason::UnknownUrl)
    );
}

#[test]
fn urls_and_networks_that_make_no_sense_are_refused() {
    for url in [
        "",
        "/hook",
        "example.com/hook",
        "ftp://example.com/",
        "https://",
        "https:///hook",
    ] {
        assert_eq!(
            verifier().public_url(url).unwrap_err(),
            UrlError::NotAbsolute,
            "{url}"
        );
    }
    for origin in ["https://example.com?x", "https://example.com/hook#x"] {
        assert_eq!(
            verifier().public_origin(origin).unwrap_err(),
            UrlError::NotAnOrigin,
            "{origin}"
        );
    }
    assert!(TrustedProxies::new(["10.0.0.0/33"]).is_err());
    assert!(TrustedProxies::new(["proxy.internal"]).is_err());
}

#[test]
fn a_prefix_that_a_proxy_removes_is_configured_or_forwarded() {
    let key = secret("k");
    let url = "https://h.example/api/v1/hook?x=1";
    let signer = Scheme::SQUARE.signer([&key]).unwrap();
    let signed = signer
        .sign(&Outgoing::new(b"{}", at(NOW)).url(url))
        .unwrap();
    let mut headers: Vec<(&str, String)> = signed;
    headers.push(("Host", "h.example".to_owned()));
    headers.push(("X-Forwarded-Proto", "https".to_owned()));
    headers.push(("X-Forwarded-Prefix", "/evil, /api/v1/".to_owned()));
    let verifier = || Scheme::SQUARE.verifier([&key]).unwrap();
    let request = Request::new(&headers, b"{}").url("/hook?x=1");
    for origin in ["https://h.example/api/v1", "https://h.example/api/v1/"] {
        let verifier = verifier().public_origin(origin).unwrap();
        assert!(verifier.verify(&request, at(NOW)).is_ok(), "{origin}");
    }
    let verifier = verifier().behind(TrustedProxies::new(["10.0.0.0/8"]).unwrap());
    let peer = |last: u8| request.peer([last, 0, 0, 1].into());
    assert!(verifier.verify(&peer(10), at(NOW)).is_ok());
    assert!(verifier.verify(&peer(11), at(NOW)).is_err());
}

/// Cases of Twilio's Node library, which tries several spellings because Twilio signs several.
#[test]
fn twilio_signs_the_url_with_or_without_port_and_quotes() {
    let form =
        b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    let verifier = Scheme::TWILIO.verifier([secret("12345")]).unwrap();
    let check = |url: &str, signature: &str| {
        let headers = [("X-Twilio-Signature", signature)];
        verifier
            .verify(&Request::new(&headers, form).url(url), at(NOW))
            .is_ok()
    };
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    assert!(check(url, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert!(
        check(
            &url.replace(".com", ".com:1234"),
            "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        ),
        "port stripped"
    );
    assert!(check(url, "kvajT1Ptam85bY51eRf/AJRuM3w="), "port 443 added");
    assert!(
        check(
            &url.replace("https", "http"),
            "0ZXoZLH/DfblKGATFgpif+LLRf4="
        ),
        "port 80 added"
    );
    assert!(check(
        &url.replace("my", "user:pass@my")
            .replacen("user:pass@myapp", "myapp", 1),
        "CukzLTc1tT5dXEDIHm/tKBanW10="
    ));
    assert!(
        check(
            &format!("{url}&Body=It's+amazing"),
            "dsq4Ehbj6cs+KdTkpF5sSSplOWw="
        ),
        "quote as it is"
    );
    assert!(
        check(
            &format!("{url}&Body=It's+amazing"),
            "TfZzewPq8wqrGlMfyAud8+/IvJ0="
        ),
        "quote encoded"
    );
    assert!(!check(
        &format!("{url}&more=1"),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    ));
    assert!(!check(url, "WRONG_SIGNATURE"));
}

#[test]
fn twilio_hashes_a_body_that_is_no_form_into_the_url() {
    let verifier = Scheme::TWILIO.verifier([secret("12345")]).unwrap();
    let body = br#"{"property": "value", "boolean": true}"#;
    let hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    let url = format!("https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256={hash}");
    let check = |url: &str, body: &[u8]| {
        let headers = [("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=")];
        let verdict = verifier.verify(&Request::new(&headers, body).url(url), at(NOW));
        verdict
            .map(|_| ())
            .map_err(|rejection| rejection.reason().clone())
    };
    assert_eq!(check(&url, body), Ok(()));
    assert_eq!(
        check(&url, br#"{"property": "other", "boolean": true}"#),
        Err(Reason::BodyHash)
    );
    assert_eq!(check(&url[..url.len() - 1], body), Err(Reason::BodyHash));
    assert_eq!(
        check(&url.replace("bodySHA256", "x"), body),
        Err(Reason::Mismatch)
    );
}

/// Its signature covers no body unless it is read as a form, whatever the content type says.
#[test]
fn a_json_body_without_a_hash_does_not_go_unsigned() {
    let signer = Scheme::TWILIO.signer([secret("k")]).unwrap();
    let url = "https://example.com/hook";
    let headers = signer.sign(&Outgoing::new(b"", at(NOW)).url(url)).unwrap();
    let verifier = Scheme::TWILIO.verifier([secret("k")]).unwrap();
    let check = |body| {
        verifier
            .verify(&Request::new(&headers, body).url(url), at(NOW))
            .is_ok()
    };
    assert!(check(b"") && !check(br#"{"amount":1}"#));
}

#[test]
fn hubspot_signs_method_and_decoded_url() {
    let key = secret("k");
    let signer = Scheme::HUBSPOT_V3.signer([&key]).unwrap();
    let decoded = "https://example.com/hook?to=a@b.com";
    let headers = signer
        .sign(&Outgoing::new(b"{}", at(NOW)).url(decoded).method("PUT"))
        .unwrap();
    let verifier = Scheme::HUBSPOT_V3.verifier([&key]).unwrap();
    let check = |url, method| {
        verifier
            .verify(
                &Request::new(&headers, b"{}").url(url).method(method),
                at(NOW),
            )
            .is_ok()
    };
    assert!(check(decoded, "PUT") && check("https://example.com/hook?to=a%40b.com", "PUT"));
    assert!(!check(decoded, "POST"));
}
