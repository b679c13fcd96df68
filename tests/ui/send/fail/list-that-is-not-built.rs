//! What a sender takes is a catalogue: a list that was built and checked.

use webhooks_core::Webhooks;
use webhooks_sender::SenderBuilder;

fn sets<D: webhooks_sender::database::Database>(builder: SenderBuilder<D>) {
    let _ = builder.webhooks(Webhooks::new());
}

fn main() {}
