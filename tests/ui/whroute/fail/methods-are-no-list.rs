//! A list of strings.

use webhooks_core::whroute;

#[whroute("a", methods = "POST")]
async fn string(data: String);

#[whroute("b", methods = [POST])]
async fn words(data: String);

#[whroute("c", methods = ["POST" "PUT"])]
async fn no_comma(data: String);

fn main() {}
