//! Its type would hide `str` in the whole module.

use webhooks_core::whpost;

#[whpost("text.changed")]
async fn str(data: String);

fn main() {}
