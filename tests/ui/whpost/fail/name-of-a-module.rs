//! Beside a module of its name a function needs `marker = Name`.

use webhooks_core::whpost;

mod payment {}

#[whpost("payment")]
async fn payment(data: String);

fn main() {}
