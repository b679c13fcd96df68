//! Every provider constant with a secret to sign with.

use webhooks_receiver::testing::TestReceiver;
use webhooks_receiver::{Provider, Receiver, Scheme};

use super::{SECRET, WHSEC};

pub(crate) const ED25519_PRIVATE: &str =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
pub(crate) const ED25519_PUBLIC: &str =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

const WHPK: &str = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const WHSK: &str =
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

/// A provider with a secret, the key to sign with where that is another one, and the headers that name its event or hold
/// its id without being signed.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) provider: Provider,
    pub(crate) secret: &'static str,
    pub(crate) sign_with: Option<&'static str>,
    pub(crate) unsigned: &'static [&'static str],
}

pub(crate) fn case(
    name: &'static str,
    provider: Provider,
    secret: &'static str,
    unsigned: &'static [&'static str],
) -> Case {
    Case {
        name,
        provider,
        secret,
        sign_with: None,
        unsigned,
    }
}

fn ed25519(name: &'static str, provider: Provider) -> Case {
    Case {
        sign_with: Some(ED25519_PRIVATE),
        ..case(name, provider, ED25519_PUBLIC, &[])
    }
}

/// Every constant whose scheme can sign here; SendGrid has keys of a form of its own.
#[expect(clippy::too_many_lines, reason = "a row a case")]
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("STANDARD_WEBHOOKS", Provider::STANDARD_WEBHOOKS, WHSEC, &[]),
        case(
            "STANDARD_WEBHOOKS_BARE",
            Provider::STANDARD_WEBHOOKS_BARE,
            WHSEC,
            &[],
        ),
        case("SVIX", Provider::SVIX, WHSEC, &[]),
        Case {
            sign_with: Some(WHSK),
            ..case("ED25519", Provider::STANDARD_WEBHOOKS_ED25519, WHPK, &[])
        },
        case("V1_V1A", Provider::STANDARD_WEBHOOKS_V1_V1A, WHSEC, &[]),
        Case {
            sign_with: Some(WHSK),
            ..case("TELNYX", Provider::TELNYX, WHPK, &[])
        },
        case("OPENAI", Provider::OPENAI, WHSEC, &[]),
        case("VERCEL", Provider::VERCEL, SECRET, &[]),
        case(
            "COINBASE_COMMERCE",
            Provider::COINBASE_COMMERCE,
            SECRET,
            &[],
        ),
        case("DROPBOX", Provider::DROPBOX, SECRET, &[]),
        case(
            "WOOCOMMERCE",
            Provider::WOOCOMMERCE,
            SECRET,
            &["x-wc-webhook-topic", "x-wc-webhook-delivery-id"],
        ),
        case("STRIPE", Provider::STRIPE, SECRET, &[]),
        case("PADDLE", Provider::PADDLE, SECRET, &[]),
        case(
            "SHOPIFY",
            Provider::SHOPIFY,
            SECRET,
            &[
                "x-shopify-topic",
                "shopify-topic",
                "x-shopify-webhook-id",
                "shopify-webhook-id",
            ],
        ),
        case("SQUARE", Provider::SQUARE, SECRET, &[]),
        case(
            "RAZORPAY",
            Provider::RAZORPAY,
            SECRET,
            &["x-razorpay-event-id"],
        ),
        case("GOCARDLESS", Provider::GOCARDLESS, SECRET, &[]),
        case(
            "GITHUB",
            Provider::GITHUB,
            SECRET,
            &["x-github-event", "x-github-delivery"],
        ),
        case(
            "GITLAB",
            Provider::GITLAB,
            SECRET,
            &["x-gitlab-event", "idempotency-key"],
        ),
        case(
            "GITLAB_SYSTEM",
            Provider::GITLAB_SYSTEM,
            SECRET,
            &["idempotency-key"],
        ),
        case(
            "GITLAB_SIGNED",
            Provider::GITLAB_SIGNED,
            WHSEC,
            &["x-gitlab-event"],
        ),
        case("BITBUCKET", Provider::BITBUCKET, SECRET, &["x-event-key"]),
        case(
            "GITEA",
            Provider::GITEA,
            SECRET,
            &["x-gitea-event", "x-gitea-delivery"],
        ),
        case(
            "GOGS",
            Provider::GOGS,
            SECRET,
            &["x-gogs-event", "x-gogs-delivery"],
        ),
        case("LINEAR", Provider::LINEAR, SECRET, &["linear-delivery"]),
        case(
            "SENTRY",
            Provider::SENTRY,
            SECRET,
            &["sentry-hook-resource", "request-id"],
        ),
        case("SLACK", Provider::SLACK, SECRET, &[]),
        ed25519("DISCORD_EVENTS", Provider::DISCORD_EVENTS),
        ed25519("DISCORD_INTERACTIONS", Provider::DISCORD_INTERACTIONS),
        case("ZOOM", Provider::ZOOM, SECRET, &[]),
        case("META", Provider::META, SECRET, &[]),
        case("LINE", Provider::LINE, SECRET, &[]),
        case("WORKOS", Provider::WORKOS, SECRET, &[]),
        case("HUBSPOT", Provider::HUBSPOT, SECRET, &[]),
        case("BOX", Provider::BOX, SECRET, &["box-delivery-id"]),
        case("ORB", Provider::ORB, SECRET, &[]),
        // A scheme of one's own, whose name and payload are in the root of the body: nothing is nested out of reach.
        case(
            "a scheme of one's own",
            Scheme::hmac_sha256("x-acme-signature").into(),
            SECRET,
            &[],
        ),
    ]
}

impl Case {
    /// A receiver of this provider's requests, without handlers.
    pub(crate) fn receiver(&self) -> Receiver {
        let receiver: Receiver = Receiver::new(self.provider.clone())
            .secret(self.secret)
            .unwrap();
        receiver.public_url("https://example.com/hook").unwrap()
    }

    /// The receiver with a key to sign with.
    pub(crate) fn testing(&self, receiver: Receiver) -> TestReceiver {
        let test = receiver.testing(());
        match self.sign_with {
            Some(key) => test.sign_with(key),
            None => test,
        }
    }
}
