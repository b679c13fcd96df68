//! How a message id is bound to the name of its event.
//!
//! Standard Webhooks signs the id of a message and its body, but not the header `webhook-event`, which names the event
//! of a bare payload. Therefore the id says for which event it was made: it ends in `_` and the first 16 hex digits of
//! the SHA-256 of the name. A captured `payment.failed` cannot be sent again as `payment.succeeded`.
//!
//! The sender makes such ids and the receiver checks them. Both use this module, so that the rule is written once. It
//! needs SHA-256, and is therefore behind the feature `binding`.

use sha2::{Digest as _, Sha256};

/// The id bound to this event.
///
/// ```
/// use webhooks_core::binding::bind;
///
/// assert_eq!(bind("msg_1", "payment.created"), "msg_1_20e6506aae8b2de2");
/// ```
pub fn bind(id: &str, event: &str) -> String {
    format!("{id}_{}", digits(event))
}

/// Whether an id was made for this event. An id without a binding belongs to no event.
///
/// ```
/// use webhooks_core::binding::is_bound_to;
///
/// assert!(is_bound_to("msg_1_20e6506aae8b2de2", "payment.created"));
/// assert!(!is_bound_to("msg_1_20e6506aae8b2de2", "payment.failed"));
/// assert!(!is_bound_to("msg_1", "payment.created"));
/// ```
pub fn is_bound_to(id: &str, event: &str) -> bool {
    id.rsplit_once('_')
        .is_some_and(|(_, binding)| binding == digits(event))
}

/// What the id of a bound message ends in, after the `_`.
fn digits(event: &str) -> String {
    let digest = Sha256::digest(event);
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    format!("{:016x}", u64::from_be_bytes(first))
}
