//! Webhook signatures: one interpreter signs and verifies every scheme, and a scheme is plain data.
//!
//! There is no runtime and no clock: requests are borrowed parts, the time is an argument.
//!
//! # Verify a Stripe request
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//! use webhooks_signature::{Request, Scheme, Secret, Verifier};
//!
//! // Once, at start-up: the scheme is checked, keys are parsed, an empty secret is refused.
//! let stripe = Scheme::STRIPE.verifier([Secret::new("whsec_test_secret")?])?;
//!
//! // Per request: the raw body, and headers of any map.
//! let headers = [(
//!     "Stripe-Signature",
//!     "t=1700000000,v1=ceb8863f7208fa249a6cd8f951e993c7563412aca65866f6272283debe143ab3",
//! )];
//! let now = UNIX_EPOCH + Duration::from_secs(1_700_000_100); // SystemTime::now()
//! let verified = stripe.verify(&Request::new(&headers, b"{}"), now)?;
//! assert_eq!(verified.timestamp(), Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
//!
//! // Answer 401 with the rejection's text, which is the same for every cause, and log its reason.
//! let rejection = stripe.verify(&Request::new(&headers, b"{ }"), now).unwrap_err();
//! assert_eq!(rejection.to_string(), "the request could not be authenticated");
//! assert_eq!(rejection.reason().to_string(), "no signature matches any of the secrets");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Define a scheme of your own
//!
//! A scheme says where the signature is, how it is labelled and encoded, and what text it covers. It is a
//! `const`, or the same words in a configuration file ([the JSON form](Scheme#the-json-form)).
//!
//! ```
//! use std::time::Duration;
//! use webhooks_signature::{Scheme, Timestamp};
//!
//! const ACME: Scheme = Scheme::hmac_sha256("x-acme-signature")
//!     .prefix("v1=")
//!     .base("{ts}:{body}")
//!     .timestamp(Timestamp::header("x-acme-time").tolerance(Duration::from_secs(60)));
//!
//! assert_eq!(ACME.check(), Ok(()));
//! ```
//!
//! Mistakes are found by [`Scheme::check`], and when a scheme is read or put to work: a timestamp that the
//! signature does not cover, a template that covers nothing, a key form that the algorithm does not have.
//! HTTP message signatures (RFC 9421) have a [verifier](MessageSignatureVerifier) of their own. What does not fit either
//! (certificates, signatures inside the payload) implements [`Verifier`].
//!
//! # Sign with Standard Webhooks
//!
//! The same value signs. A retry keeps the id and is signed anew at its own time.
//!
//! ```
//! use std::time::SystemTime;
//! use webhooks_signature::{Outgoing, Request, Scheme, Secret, Verifier};
//!
//! let secret = Secret::generate()?; // `whsec_..`, to be shown to the receiver once
//! let signer = Scheme::STANDARD_WEBHOOKS.signer([&secret])?;
//!
//! let (body, now) = (br#"{"type":"payment.created"}"#, SystemTime::now());
//! let headers = signer.sign(&Outgoing::new(body, now).id("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"))?;
//!
//! let verifier = Scheme::STANDARD_WEBHOOKS.verifier([&secret])?;
//! let verified = verifier.verify(&Request::new(&headers, body), now)?;
//! assert_eq!(verified.id(), Some("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With [`STANDARD_WEBHOOKS_ED25519`](Scheme::STANDARD_WEBHOOKS_ED25519) the sender keeps a private key
//! ([`Secret::generate_ed25519`]) and hands out the public one ([`Secret::public_key`], as a document [`JwkSet`]),
//! which cannot sign.
//!
//! # Rotate secrets
//!
//! A verifier takes several secrets and tries each with every signature of the request; a signer with several
//! writes one signature per secret, where the scheme has a list. So either side can change first.
//! [`Verified::secret`] tells which one matched: when that is only the new one, the old one can go.
//! [`AnyOf`] does the same for a change of scheme.
//!
//! ```
//! use webhooks_signature::{Scheme, Secret};
//!
//! let verifier = Scheme::GITHUB.verifier([Secret::new("the new one")?, Secret::new("the old one")?])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Behind a proxy
//!
//! Some schemes sign the URL ([`Scheme::signs_url`]: Square, Twilio, HubSpot, Mandrill), and they sign the
//! public one. Configure it: [`public_url`](SchemeVerifier::public_url) when it is always the same,
//! [`public_origin`](SchemeVerifier::public_origin) when the query differs. With several public names, name
//! the proxies whose forwarded headers may be believed: [`behind`](SchemeVerifier::behind) and
//! [`Request::peer`]. Those of other peers are not believed.
//!
//! ```
//! use webhooks_signature::{Scheme, Secret, TrustedProxies};
//!
//! let secret = Secret::new("auth token")?;
//! let twilio = Scheme::TWILIO.verifier([&secret])?.public_origin("https://hooks.example.com")?;
//! let twilio = Scheme::TWILIO.verifier([&secret])?.behind(TrustedProxies::new(["10.0.0.0/8"])?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a signature does not do
//!
//! A request can be replayed as long as its timestamp is young, and for ever under a scheme that signs none
//! (GitHub, Shopify and others: each constant says so). Deduplicate by [`Verified::id`]; an id in a header
//! that is not signed can be changed in a replay. Verify the bytes that came: a body that was parsed
//! and written again is another body.
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `ed25519` | yes | Standard Webhooks v1a, Discord, Telnyx |
//! | `ecdsa` | yes | SendGrid |
//! | `http` | no | `http::HeaderMap` as [`Headers`], with a third of the time for a look-up |
//!
//! Without them such schemes still load; making a key says which feature is missing.

#![allow(
    clippy::doc_markdown,
    reason = "the names of providers are proper names, not code"
)]

mod algorithm;

mod error;
mod few;
mod field;
mod field_names;
mod form;
mod jwk;
mod key;
mod message_signature;
mod piece_buffer;
mod providers;
mod quads;
mod request;
mod request_fields;
mod scheme;
mod secret;
mod sign;
mod signature_bytes;
mod template;
mod text;
mod timestamp;
mod url;
mod verifier;
mod verify;

// rustdoc (1.95) finds a re-exported type by an alias only if it is written here.
pub use algorithm::{Algorithm, Encoding, MAX_SIGNATURES};
#[doc(alias("unauthorized", "401"))]
pub use error::Rejection;
pub use error::{
    MessageSignatureProblem, Reason, RejectionKind, SchemeError, SecretError, SetupError,
    SignError, UrlError,
};
pub use field::Label;
#[doc(alias = "JSON Web Key")]
pub use jwk::Jwk;
#[doc(alias = "jwks")]
pub use jwk::JwkSet;
pub use key::KeyForm;
#[doc(alias("RFC 9421", "Signature-Input", "Content-Digest"))]
pub use message_signature::MessageSignatureVerifier;
pub use message_signature::{MessageKey, MessageKeys, MessageSignatureProfile, MessageSigner};
pub use request::{FieldName, Headers, Request};
#[doc(alias("algorithm", "hmac", "provider"))]
pub use scheme::Scheme;
#[doc(alias("key", "signing secret", "whsec"))]
pub use secret::Secret;
pub use sign::{Outgoing, Signer};
#[doc(alias("tolerance", "replay attack", "clock skew"))]
pub use timestamp::Timestamp;
pub use timestamp::{FIVE_MINUTES, Unit};
#[doc(alias("X-Forwarded-For", "reverse proxy", "load balancer"))]
pub use url::TrustedProxies;
pub use url::UrlForm;
pub use verifier::{AnyOf, Verified, Verifier};
#[doc(alias("validate", "authenticate"))]
pub use verify::SchemeVerifier;
