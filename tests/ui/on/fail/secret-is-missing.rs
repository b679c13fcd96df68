//! A receiver without a secret is not a route.
#![allow(unused_variables)]

use axum::Router;
use webhooks_receiver::{Provider, Receiver};

fn main() {
    let app: Router = Router::new().route("/hook", Receiver::new(Provider::GITHUB).into());
}
