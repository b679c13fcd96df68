//! A handler may be moved to another thread while it waits.
#![allow(unused_variables)]

use std::rc::Rc;
use webhooks_receiver::on;

#[on("a")]
async fn created(data: String) {
    let shared = Rc::new(data);
    std::future::ready(()).await;
    drop(shared);
}

fn main() {}
