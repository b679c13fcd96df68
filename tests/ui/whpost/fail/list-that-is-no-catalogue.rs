use webhooks_core::{OpenApi, Webhooks, whpost};

#[whpost("a")]
async fn a();

struct ApiDoc;

fn main() {
    let _ = OpenApi::new("a", "1").webhooks(Webhooks::new().with(a));
    let _ = OpenApi::new("a", "1").merge(ApiDoc);
}
