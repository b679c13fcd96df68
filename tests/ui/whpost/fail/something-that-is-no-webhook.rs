//! For any other type, the message says what can be listed.

use webhooks_core::Webhooks;

struct NoView;

async fn plain(_: String) {}

fn main() {
    let _ = Webhooks::new()
        .with(plain)
        .with(NoView)
        .with("payment.created")
        .with(|data: String| data)
        .with(5);
    let _ = Webhooks::new().view::<NoView>();
}
