//! Files, customers, identities.

use std::time::Duration;

use crate::key::KeyForm;
use crate::scheme::Scheme;
use crate::timestamp::FIVE_MINUTES;
use crate::timestamp::Timestamp;
use crate::url::UrlForm;

/// # Files, customers, identities
impl Scheme {
    /// `WorkOS`: HMAC-SHA256 over timestamp and body, `WorkOS-Signature: t=.., v1=..`, the timestamp in
    /// milliseconds; three minutes on both sides.
    ///
    /// Source: <https://workos.com/docs/events/data-syncing/webhooks>.
    pub const WORKOS: Self = Self::hmac_sha256("workos-signature")
        .list(',')
        .versions('=', &["v1"])
        .base("{ts}.{body}")
        .timestamp(
            Timestamp::field("t")
                .millis()
                .tolerance(Duration::from_secs(180)),
        );

    /// HubSpot v3: HMAC-SHA256 over method, URL, body and timestamp in base64, the timestamp in milliseconds;
    /// five minutes back. The public URL must be known; it is tried as it is and with the characters decoded
    /// that HubSpot decodes.
    ///
    /// Source: <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>.
    pub const HUBSPOT_V3: Self = Self::hmac_sha256("x-hubspot-signature-v3")
        .base64()
        .base("{method}{url}{body}{ts}")
        .url_form(UrlForm::Decoded)
        .timestamp(
            Timestamp::header("x-hubspot-request-timestamp")
                .millis()
                .past_only(FIVE_MINUTES),
        );

    /// Box: HMAC-SHA256 over body and timestamp in base64, once with the primary and once with the secondary
    /// key; either matches. ISO 8601 timestamp, ten minutes on both sides. Version and algorithm headers must
    /// be those of this scheme.
    ///
    /// Source: <https://developer.box.com/guides/webhooks/v2/signatures-v2/>.
    pub const BOX: Self = Self::hmac_sha256("box-signature-primary")
        .headers(&["box-signature-primary", "box-signature-secondary"])
        .each_header()
        .base64()
        .base("{body}{h:box-delivery-timestamp}")
        .timestamp(
            Timestamp::header("box-delivery-timestamp")
                .iso8601()
                .tolerance(Duration::from_secs(600)),
        )
        .require(&[
            ("box-signature-version", "1"),
            ("box-signature-algorithm", "HmacSHA256"),
        ]);

    /// Dropbox: HMAC-SHA256 of the body in bare hex with the app secret. No timestamp. The GET that registers
    /// a URL is not signed.
    ///
    /// Source: <https://www.dropbox.com/developers/reference/webhooks>.
    pub const DROPBOX: Self = Self::hmac_sha256("x-dropbox-signature");

    /// Orb: HMAC-SHA256 over `v1:timestamp:body`, `X-Orb-Signature: v1=..`; ISO 8601 timestamp, UTC when it
    /// has no offset, five minutes on both sides.
    ///
    /// Source: the page "Webhooks" of Orb's documentation.
    pub const ORB: Self = Self::hmac_sha256("x-orb-signature")
        .list(' ')
        .versions('=', &["v1"])
        .base("v1:{ts}:{body}")
        .timestamp(Timestamp::header("x-orb-timestamp").iso8601());

    /// HubSpot v1: SHA-256 of the client secret and the body, in hex. No timestamp. A hash that begins with a secret is open
    /// to length extension; take [`HUBSPOT_V3`](Self::HUBSPOT_V3) where you can.
    ///
    /// Source: as for v3.
    pub const HUBSPOT_V1: Self = Self::sha256("x-hubspot-signature").base("{secret}{body}");

    /// HubSpot v2: as v1, with method and URL before the body.
    ///
    /// Source: as for v3.
    pub const HUBSPOT_V2: Self =
        Self::sha256("x-hubspot-signature").base("{secret}{method}{url}{body}");

    /// Finch: Standard Webhooks v1 under its own headers; the secret is base64 without a prefix.
    ///
    /// Source: <https://developer.tryfinch.com/integrate/webhooks>.
    pub const FINCH: Self = Self::STANDARD_WEBHOOKS
        .headers(&["finch-signature"])
        .key(KeyForm::Base64 { prefix: None })
        .timestamp(Timestamp::header("finch-timestamp"))
        .id(&["finch-event-id"]);

    /// OpenAI: Standard Webhooks v1.
    ///
    /// Source: <https://platform.openai.com/docs/guides/webhooks>.
    pub const OPENAI: Self = Self::STANDARD_WEBHOOKS;

    /// Hookdeck: HMAC-SHA256 of the body in base64, while the secret is being rotated once more under
    /// `X-Hookdeck-Signature-2`; either matches. No timestamp.
    ///
    /// Source: <https://hookdeck.com/docs/authentication#hookdeck-webhook-signature-verification>.
    pub const HOOKDECK: Self = Self::hmac_sha256("x-hookdeck-signature")
        .headers(&["x-hookdeck-signature", "x-hookdeck-signature-2"])
        .each_header()
        .base64();

    /// Convoy in its simple form with its default hash: HMAC-SHA512 of the body in bare hex. No timestamp.
    ///
    /// Source: <https://www.getconvoy.io/docs/product-manual/signatures>.
    pub const CONVOY: Self = Self::hmac_sha512("x-convoy-signature");
}
