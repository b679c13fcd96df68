//! A function with the name of a module needs `marker = Name`.

use webhooks_core::whpost;

mod payment {}

#[whpost("payment")]
async fn payment(data: String);

fn main() {}
