//! Chat, telephony and mail.

use crate::algorithm::Encoding;
use crate::key::KeyForm;
use crate::scheme::Scheme;
use crate::timestamp::Timestamp;
use crate::url::UrlForm;

/// # Chat, telephony and mail
impl Scheme {
    /// Slack: HMAC-SHA256 over `v0:timestamp:body`, `X-Slack-Signature: v0=..`; five minutes on both sides,
    /// as in Slack's Python library (the JavaScript one bounds only the past).
    ///
    /// Source: <https://docs.slack.dev/authentication/verifying-requests-from-slack>.
    pub const SLACK: Self = Self::hmac_sha256("x-slack-signature")
        .prefix("v0=")
        .base("v0:{ts}:{body}")
        .timestamp(Timestamp::header("x-slack-request-timestamp"));

    /// Discord, interactions and webhook events: Ed25519 over timestamp and body in hex; the key is the
    /// application's public key in hex. The five minutes are ours: Discord's library checks no age, and since
    /// nothing separates timestamp and body, only the tolerance refuses a shifted border.
    ///
    /// Source: <https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers>.
    pub const DISCORD: Self = Self::ed25519("x-signature-ed25519")
        .key(KeyForm::Ed25519Hex)
        .encoding(Encoding::Hex)
        .base("{ts}{body}")
        .timestamp(Timestamp::header("x-signature-timestamp"));

    /// Twilio: HMAC-SHA1 over the URL and the sorted form, in base64, with the auth token; for other bodies
    /// the URL holds their hash (`bodySHA256`). No timestamp. The public URL must be known
    /// with its query, so configure [`public_origin`](crate::SchemeVerifier::public_origin); its variants
    /// with and without port and with encoded quotes are tried, because Twilio signs any of them. Borders between fields
    /// are not signed: `Body=a&From=b` and `Body=aFromb` have one signature; nor are repeats of a pair and their order.
    ///
    /// Source: <https://www.twilio.com/docs/usage/security#validating-requests>.
    pub const TWILIO: Self = Self::hmac_sha1("x-twilio-signature")
        .base64()
        .base("{url}{form}")
        .url_form(UrlForm::PortVariants)
        .body_hash("bodySHA256");

    /// SendGrid's signed event webhook: ECDSA P-256 over timestamp and body in base64; the key is the
    /// verification key as the dashboard shows it. The five minutes are ours; SendGrid's library checks no
    /// age. The body ends in CRLF, so verify the raw bytes.
    ///
    /// Source: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>.
    pub const SENDGRID: Self = Self::ecdsa_p256("x-twilio-email-event-webhook-signature")
        .base("{ts}{body}")
        .timestamp(Timestamp::header("x-twilio-email-event-webhook-timestamp"));

    /// Mandrill (Mailchimp Transactional): HMAC-SHA1 over the URL as registered, credentials included, and
    /// the sorted form, in base64. No timestamp. Borders between fields are not signed, as under
    /// [`TWILIO`](Self::TWILIO).
    ///
    /// Source: <https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/#authenticating-webhook-requests>.
    pub const MANDRILL: Self = Self::hmac_sha1("x-mandrill-signature")
        .base64()
        .base("{url}{form}");

    /// LINE: HMAC-SHA256 of the body in base64 with the channel secret. No timestamp.
    ///
    /// Source: <https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/>.
    pub const LINE: Self = Self::hmac_sha256("x-line-signature").base64();

    /// Zoom: HMAC-SHA256 over `v0:timestamp:body`, `x-zm-signature: v0=..`. The five minutes are ours; Zoom
    /// names no tolerance.
    ///
    /// Source: <https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events>.
    pub const ZOOM: Self = Self::hmac_sha256("x-zm-signature")
        .prefix("v0=")
        .base("v0:{ts}:{body}")
        .timestamp(Timestamp::header("x-zm-request-timestamp"));

    /// Meta: WhatsApp, Messenger, Instagram. HMAC-SHA256 of the body with the app secret,
    /// `X-Hub-Signature-256: sha256=..`. No timestamp. The GET that registers a URL is not signed.
    ///
    /// Source: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads>.
    pub const META: Self = Self::GITHUB;

    /// Telnyx: Ed25519 over `timestamp|body` in base64; the key is the account's public key in base64. Five
    /// minutes on both sides.
    ///
    /// Source: <https://developers.telnyx.com/docs/development/api-fundamentals/webhooks>.
    pub const TELNYX: Self = Self::ed25519("telnyx-signature-ed25519")
        .base("{ts}|{body}")
        .timestamp(Timestamp::header("telnyx-timestamp"));

    /// Plivo v2: HMAC-SHA256 over the URL and a nonce in base64. The body is not signed, and nothing bounds the age.
    ///
    /// Source: <https://www.plivo.com/docs/voice/concepts/signature-validation>.
    pub const PLIVO_V2: Self = Self::hmac_sha256("x-plivo-signature-v2")
        .base64()
        .base("{url}{h:x-plivo-signature-v2-nonce}");
}
