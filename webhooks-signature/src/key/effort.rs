//! What the checks of one request may cost, before its caller is known.

/// How many more signatures of a request are checked that cost a pass over its body each, which is so for Ed25519:
/// the hash begins with the signature (RFC 8032 section 5.1.7).
///
/// The caller is not known yet. Without a bound, 4 signatures and 2 keys would make a body of 2 MiB cost 28 ms.
pub(crate) struct Effort {
    checks: usize,
}

impl Effort {
    /// Bytes that are hashed for one request.
    const MAX_HASHED: usize = 4 << 20;
    /// So that a secret can be changed whatever the length of the body.
    const MIN_CHECKS: usize = 2;

    #[inline]
    pub(crate) fn of(body: &[u8]) -> Self {
        let checks = Self::MAX_HASHED / body.len().max(1);
        Self {
            checks: checks.max(Self::MIN_CHECKS),
        }
    }

    /// Whether one more check is allowed.
    #[cfg_attr(
        not(feature = "ed25519"),
        allow(dead_code, reason = "only Ed25519 asks")
    )]
    pub(crate) fn spend(&mut self) -> bool {
        let allowed = self.checks > 0;
        self.checks = self.checks.saturating_sub(1);
        allowed
    }

    #[inline]
    pub(crate) fn is_used_up(&self) -> bool {
        self.checks == 0
    }
}
