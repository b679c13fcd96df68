use webhooks_receiver::{Provider, Receiver, on};

#[on("a")]
fn not_async(data: String) {}

#[on("b")]
async fn with_cfg(data: String, #[cfg(any())] headers: axum::http::HeaderMap) {}

#[on("c")]
async fn borrowing(data: &str) {}

#[on("d")]
async fn generic<T>(data: T) {}

fn main() {
    let receiver: Receiver = Receiver::new(Provider::STRIPE).secret("whsec_1").unwrap();
    let _ = receiver.on(not_async).on(with_cfg).on(borrowing).on(generic);
}
