//! The default name obeys the rule too.

use webhooks_core::whroute;

#[whroute(methods = ["POST"])]
async fn zahlung_getätigt(data: String);

fn main() {}
