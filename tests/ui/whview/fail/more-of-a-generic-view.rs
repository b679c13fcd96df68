//! Further blocks are found by their type.

use webhooks_core::{whpost, whview};

struct Payments<T>(T);

#[whview(more)]
impl<T> Payments<T> {
    #[whpost("b")]
    async fn changed(&self, data: String);
}

fn main() {}
