//! Which version of the tests runs: the short one, or the one with more cases.

/// Whether the long versions of the tests were asked for: `cargo xtask test --long`.
pub fn is_long() -> bool {
    std::env::var_os("WEBHOOKS_LONG").is_some()
}
