//! What the checks of one request may cost, before its caller is known.

/// What the verification of a request may still cost, in bytes that are hashed with SHA-512.
///
/// The caller is not known yet. An Ed25519 check is a pass over the body for each key and signature, because its hash
/// begins with the signature (RFC 8032 section 5.1.7). Without a bound, 4 signatures and 2 keys would make a body of
/// 2 MiB cost 20 ms. HMACs count where both kinds of keys are tried; their number is that of the secrets, so they are
/// never refused.
pub(crate) struct Effort {
    body: usize,
    remaining: usize,
    has_checked: bool,
    has_refused: bool,
}

impl Effort {
    /// Two passes over the longest body that receivers take when nothing else is said.
    const MAX_HASHED: usize = 4 << 20;

    /// Two checks are always in it, so that a secret can be changed whatever the length of the body.
    #[inline]
    pub(crate) fn of(body: &[u8]) -> Self {
        Self {
            body: body.len(),
            remaining: Self::MAX_HASHED.max(body.len().saturating_mul(2)),
            has_checked: false,
            has_refused: false,
        }
    }

    /// Counts an HMAC, which costs half as much.
    #[inline]
    pub(super) fn spend_mac(&mut self) {
        self.remaining = self.remaining.saturating_sub(self.body / 2);
    }

    /// Whether one more pass over the body is allowed. The first one always is.
    #[cfg_attr(
        not(feature = "ed25519"),
        allow(dead_code, reason = "only Ed25519 asks")
    )]
    pub(crate) fn spend(&mut self) -> bool {
        let allowed = !self.has_checked || self.remaining >= self.body;
        self.remaining = self.remaining.saturating_sub(self.body);
        self.has_checked = true;
        self.has_refused |= !allowed;
        allowed
    }

    /// Whether a check was left out.
    #[inline]
    pub(crate) fn has_refused(&self) -> bool {
        self.has_refused
    }
}
