//! A function that is not a webhook, although it looks like one.

use webhooks_core::Webhooks;

use webhooks_core::Message;

fn nine(_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) -> Message<webhooks_core::AnyWebhook> {
    unimplemented!()
}

fn main() {
    let _ = Webhooks::new().with(nine);
}
