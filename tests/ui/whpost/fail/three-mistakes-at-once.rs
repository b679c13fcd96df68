//! All are reported, and the function still exists.

use webhooks_core::whpost;

#[whpost("payment created", tag = ["payments"])]
async fn created(data: String, tenant: String) {
    todo!()
}

fn main() {
    let _ = webhooks_core::Webhooks::new().with(created);
    let _: webhooks_core::Message = created(String::new(), String::new()).into();
}
