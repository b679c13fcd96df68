//! The view survives what is being typed, in its own methods and in others.

use webhooks_core::{whpost, whview};

struct Payments;

#[whview]
impl Payments {
    #[whpost("a")]
    async fn created(&self, data: String) {
        data.
    }

    fn other(&self) {
        self.
    }
}

fn main() {
    let _ = webhooks_core::Webhooks::new().with(Payments).with(Payments::created);
}
