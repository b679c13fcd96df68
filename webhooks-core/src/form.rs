//! Payloads sent as forms (`application/x-www-form-urlencoded`), behind the feature `form`.

use crate::codec::PayloadCodec;
use crate::descriptor::{Payload, PayloadInfo};
use crate::finite;
use crate::message::Draft;

/// `T` as a form. For generated code.
pub const fn form<T: Payload + ?Sized>() -> PayloadCodec<T> {
    PayloadCodec::new(PayloadInfo::form::<T>(), Draft::form::<T>)
}

impl Draft {
    /// Sets the payload, as a form.
    pub fn form<T: Payload + ?Sized>(self, data: &T) -> Self {
        self.written(finite::write(data, |data| {
            serde_html_form::to_string(data).map(String::into_bytes)
        }))
    }
}
