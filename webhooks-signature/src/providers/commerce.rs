//! Payments and shops.

use std::time::Duration;

use crate::scheme::Scheme;
use crate::timestamp::FIVE_MINUTES;
use crate::timestamp::Timestamp;

/// # Payments and shops
impl Scheme {
    /// Stripe: HMAC-SHA256 over timestamp and body, `Stripe-Signature: t=..,v1=..`; the secret's whole text
    /// is the key, `whsec_` included. Five minutes back; like Stripe's own libraries it does not bound the
    /// future side. Several `v1` are a rolled secret; `v0` is skipped.
    ///
    /// Source: <https://docs.stripe.com/webhooks#verify-manually>.
    pub const STRIPE: Self = Self::hmac_sha256("stripe-signature")
        .list(',')
        .versions('=', &["v1"])
        .base("{ts}.{body}")
        .timestamp(Timestamp::field("t").past_only(FIVE_MINUTES));

    /// Paddle Billing: HMAC-SHA256 over timestamp and body, `Paddle-Signature: ts=..;h1=..`. Five seconds
    /// back, as in Paddle's libraries, which leaves little for a slow network or clock; widen it with
    /// [`tolerance`](Self::tolerance) if deliveries are refused as stale.
    ///
    /// Source: <https://developer.paddle.com/webhooks/signature-verification>.
    pub const PADDLE: Self = Self::hmac_sha256("paddle-signature")
        .list(';')
        .versions('=', &["h1"])
        .base("{ts}:{body}")
        .timestamp(Timestamp::field("ts").past_only(Duration::from_secs(5)));

    /// Shopify: HMAC-SHA256 of the body in base64, under `X-Shopify-Hmac-Sha256` or the newer
    /// `shopify-hmac-sha256`. No timestamp; topic, shop and webhook id are not signed.
    ///
    /// Source: <https://shopify.dev/docs/apps/build/webhooks/subscribe/https>.
    pub const SHOPIFY: Self = Self::hmac_sha256("x-shopify-hmac-sha256")
        .headers(&["x-shopify-hmac-sha256", "shopify-hmac-sha256"])
        .base64();

    /// Square: HMAC-SHA256 over the notification URL and the body, in base64. No timestamp. Configure the
    /// notification URL with [`public_url`](crate::SchemeVerifier::public_url).
    ///
    /// Source: <https://developer.squareup.com/docs/webhooks/step3validate>.
    pub const SQUARE: Self = Self::hmac_sha256("x-square-hmacsha256-signature")
        .base64()
        .base("{url}{body}");

    /// Razorpay: HMAC-SHA256 of the body in bare hex. No timestamp.
    ///
    /// Source: <https://razorpay.com/docs/webhooks/validate-test/>.
    pub const RAZORPAY: Self = Self::hmac_sha256("x-razorpay-signature");

    /// GoCardless: HMAC-SHA256 of the body in bare hex under `Webhook-Signature`. No timestamp.
    ///
    /// Source: <https://developer.gocardless.com/getting-started/staying-up-to-date-with-webhooks>.
    pub const GOCARDLESS: Self = Self::hmac_sha256("webhook-signature");

    /// WooCommerce: HMAC-SHA256 of the body in base64. No timestamp; topic and delivery id are not signed.
    ///
    /// Source: <https://developer.woocommerce.com/docs/apis/rest-api/webhooks/>.
    pub const WOOCOMMERCE: Self = Self::hmac_sha256("x-wc-webhook-signature").base64();

    /// Modern Treasury: HMAC-SHA256 of the body in bare hex under `X-Signature`. No timestamp.
    ///
    /// Source: <https://docs.moderntreasury.com/platform/reference/webhook-verification>.
    pub const MODERN_TREASURY: Self = Self::hmac_sha256("x-signature");

    /// Coinbase Commerce: HMAC-SHA256 of the body in bare hex. No timestamp.
    ///
    /// Source: <https://docs.cdp.coinbase.com/commerce-onchain/docs/webhooks-security>.
    pub const COINBASE_COMMERCE: Self = Self::hmac_sha256("x-cc-webhook-signature");

    /// Lithic: Standard Webhooks v1.
    ///
    /// Source: <https://docs.lithic.com/docs/events-api>.
    pub const LITHIC: Self = Self::STANDARD_WEBHOOKS;
}
