//! Only impl blocks of the type itself.

use webhooks_core::{whpost, whview};

struct Payments;

trait Declares {
    fn created(&self, data: String);
}

#[whview]
impl Declares for Payments {
    #[whpost("a")]
    fn created(&self, data: String);
}

fn main() {}
