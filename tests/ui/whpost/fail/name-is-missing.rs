//! Only `whroute` may take the name of the function.

use webhooks_core::whpost;

#[whpost]
async fn bare(data: String);

#[whpost()]
async fn empty(data: String);

#[whpost(tags = ["payments"])]
async fn only_keys(data: String);

fn main() {}
