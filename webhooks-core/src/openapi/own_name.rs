//! Names of schemas that belong to an event and have no type of their own: envelopes, payloads such as `Vec<Payment>`.

use super::docs::pascal_case;
use super::schema_id;
use crate::method::Method;

/// The event, the methods and the word from which a schema of ours gets its name.
#[derive(Clone, Copy)]
pub(crate) struct OwnName<'a> {
    pub(crate) event: &'a str,
    pub(crate) methods: &'a [Method],
    pub(crate) word: &'static str,
}

impl OwnName<'_> {
    /// `PaymentCreatedEnvelope`, `payment.created.Envelope`, `payment.created.post.Envelope`.
    pub(super) fn candidates(self) -> Vec<String> {
        let Self {
            event,
            methods,
            word,
        } = self;
        let methods: Vec<_> = methods.iter().map(|method| method.key()).collect();
        let methods = methods.join("-");
        let names = [
            format!("{}{word}", pascal_case(event)),
            format!("{event}.{word}"),
            format!("{event}.{methods}.{word}"),
        ];
        names.iter().map(|name| schema_id::allowed(name)).collect()
    }
}
