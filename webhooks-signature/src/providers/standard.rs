//! Standard Webhooks and those who use it under other header names.

use crate::algorithm::{Algorithm, Encoding};
use crate::field::Label;
use crate::key::KeyForm;
use crate::scheme::Scheme;
use crate::timestamp::Timestamp;

const HEADER: &str = "webhook-signature";
const BASE: &str = "{id}.{ts}.{body}";

/// # Standard Webhooks
impl Scheme {
    /// Standard Webhooks v1: HMAC-SHA256 over id, timestamp and body; five minutes on both sides. The secret
    /// is `whsec_` and base64, with or without the prefix. Also OpenAI, Lithic, Resend, Supabase, Render.
    ///
    /// Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
    pub const STANDARD_WEBHOOKS: Self = Self::hmac_sha256(HEADER)
        .key(KeyForm::WHSEC)
        .list(' ')
        .versions(',', &["v1"])
        .base64()
        .base(BASE)
        .timestamp(Timestamp::header("webhook-timestamp"))
        .id(&["webhook-id"]);

    /// Standard Webhooks v1a: as [`STANDARD_WEBHOOKS`](Self::STANDARD_WEBHOOKS), with Ed25519. A receiver
    /// holds the public key, `whpk_` and base64 of 32 bytes or SPKI DER; a sender `whsk_`. Values under `v1`
    /// are never tried with this key.
    ///
    /// Source: as for v1, "Signature scheme"; the `whpk_` of SPKI DER is Cosium's.
    pub const STANDARD_WEBHOOKS_ED25519: Self = Self::ed25519(HEADER)
        .list(' ')
        .versions(',', &["v1a"])
        .base(BASE)
        .timestamp(Timestamp::header("webhook-timestamp"))
        .id(&["webhook-id"]);

    /// Standard Webhooks v1 and v1a together: each secret is used as its prefix says, `whsec_` with v1, `whpk_` (to sign,
    /// `whsk_`) with v1a. For a sender that changes from one to the other, and for tenants of whom each has chosen.
    ///
    /// Source: as for v1, "Signature scheme".
    pub const STANDARD_WEBHOOKS_V1_V1A: Self = Self::STANDARD_WEBHOOKS.alternative(
        Algorithm::Ed25519,
        KeyForm::WHPK,
        Label::versions(',', &["v1a"]),
        Encoding::Base64,
    );

    /// Svix, and the many who send through it (Clerk, Resend): Standard Webhooks v1 with `svix-` headers;
    /// each header may also come under its `webhook-` name.
    ///
    /// Source: <https://docs.svix.com/receiving/verifying-payloads/how-manual>.
    pub const SVIX: Self = Self::STANDARD_WEBHOOKS
        .headers(&["svix-signature", HEADER])
        .timestamp(Timestamp::any_header(&[
            "svix-timestamp",
            "webhook-timestamp",
        ]))
        .id(&["svix-id", "webhook-id"]);
}
