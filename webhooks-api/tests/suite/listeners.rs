//! Clients that listen and hear nothing: what each costs, and that one who hangs up costs nothing any more.

use axum::body::Body;
use http_body_util::BodyExt as _;

use crate::client::{Caller, Service};

const LISTENERS: usize = 10_000;
/// What one may keep on the heap: its place in the feed and its future. The connection is the server's.
const MOST: usize = 2 * 1024;

async fn listen(service: &Service) -> Body {
    let mut body = service.open(&Caller::owner("acct_1"), "/live").await;
    let greeting = body
        .frame()
        .await
        .expect("it begins")
        .expect("it can be read");
    assert!(greeting.is_data());
    body
}

#[test]
fn ten_thousand_idle_listeners_take_little_and_leave_nothing_behind() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let service = runtime.block_on(Service::start());
    // What is made once is made.
    drop(runtime.block_on(listen(&service)));
    let mut bodies = Vec::with_capacity(LISTENERS);
    let opened = allocation_counter::measure(|| {
        runtime.block_on(async {
            for _ in 0..LISTENERS {
                bodies.push(listen(&service).await);
            }
        });
    });
    let kept = usize::try_from(opened.bytes_current).expect("something is kept");
    println!(
        "{} bytes for each of {LISTENERS} listeners",
        kept / LISTENERS
    );
    assert!(kept / LISTENERS <= MOST, "{} bytes each", kept / LISTENERS);
    let closed = allocation_counter::measure(|| drop(bodies));
    let left = opened.bytes_current + closed.bytes_current;
    assert!(
        left < i64::try_from(kept / 100).expect("small"),
        "{left} of {kept} bytes are left"
    );
}
