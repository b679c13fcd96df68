//! Only flags stand alone.

use webhooks_core::whpost;

#[whpost("a", tags, summary =, status = )]
async fn created(data: String);

#[whpost("b", tags("payments"))]
async fn in_parentheses(data: String);

#[whpost("c" summary = "text")]
async fn no_comma(data: String);

fn main() {}
