//! Payloads sent as forms (`application/x-www-form-urlencoded`), behind the feature `form`.

use crate::descriptor::Payload;
use crate::message::Draft;

impl Draft {
    /// Sets the payload, as a form.
    pub fn form<T: Payload + ?Sized>(self, data: &T) -> Self {
        self.written(serde_html_form::to_string(data).map(String::into_bytes))
    }
}
