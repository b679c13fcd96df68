//! A scheme of each kind: algorithm, what is signed, where the time stands.

use anyhow::Result;
use webhooks_signature::{Scheme, Secret};

/// In the form of Standard Webhooks, which others take as any text.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A private key of P-256, PKCS#8, made for this benchmark.
const P256: &str = concat!(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgp1jQM3XR3z+e5Cv+w1fVw92yn65ntI0RoljKa/PKxjah",
    "RANCAATVcN0CoyV98ftNrk+A0xdWIzJuRUMvMNRNDEDIMpzln76m+jMGQYzfWusUOZVltAufDU/DmnR+MCZLe39OxOSX",
);

/// A scheme, and the secrets of both sides.
pub(crate) struct Case {
    pub(crate) title: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) signing: Secret,
    pub(crate) verifying: Secret,
}

/// The cases, Standard Webhooks first.
pub(crate) fn all() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (title, scheme) in [
        (
            "**webhooks-signature**: Standard Webhooks v1",
            Scheme::STANDARD_WEBHOOKS,
        ),
        ("GitHub (hex, no time)", Scheme::GITHUB),
        ("GitHub, old (HMAC-SHA1)", Scheme::GITHUB_SHA1),
        ("Stripe (labelled list)", Scheme::STRIPE),
        ("Slack (time in a header)", Scheme::SLACK),
        ("Shopify (base64)", Scheme::SHOPIFY),
        ("Square (URL and body)", Scheme::SQUARE),
        ("GitLab (token)", Scheme::GITLAB_TOKEN),
    ] {
        let secret = Secret::new(SECRET)?;
        cases.push(Case {
            title,
            scheme,
            signing: secret.clone(),
            verifying: secret,
        });
    }
    let private = Secret::ed25519_from_seed(&[7; 32]);
    cases.push(Case {
        title: "Standard Webhooks v1a (Ed25519)",
        scheme: Scheme::STANDARD_WEBHOOKS_ED25519,
        verifying: private.public_key()?,
        signing: private,
    });
    let private = Secret::new(P256)?;
    cases.push(Case {
        title: "SendGrid (ECDSA P-256)",
        scheme: Scheme::SENDGRID,
        verifying: private.clone(),
        signing: private,
    });
    Ok(cases)
}
