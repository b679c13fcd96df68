//! `#[on]` among names that could be taken for those that it writes.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::extract::State;
use serde_json::json;
use support::{Notes, WHSEC};
use webhooks_receiver::{Provider, Received, Receiver, on};

mod hygiene {
    //! Names that generated code might be taken in by.
    #![allow(dead_code, non_camel_case_types, reason = "they are only in the way")]

    use super::{Notes, Received, State, on};

    struct Result;
    struct Option;
    struct Send;
    struct Future;
    struct str;
    mod core {}
    mod std {}
    mod webhooks_receiver {}

    #[on("a")]
    pub(super) async fn shadowed(_: Received, State(notes): State<Notes>) {
        notes.add("shadowed");
    }

    pub(super) struct Block;

    #[on]
    impl Block {
        #[on("a")]
        async fn shadowed(&self, _: Received, State(notes): State<Notes>) {
            notes.add("block");
        }
    }
}

#[tokio::test]
async fn the_expansion_is_not_taken_in_by_names_around_it() {
    let notes = Notes::default();
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let mut test = receiver
        .on(hygiene::shadowed)
        .on(hygiene::Block)
        .testing(notes.clone());
    test.send("a", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["shadowed", "block"]);
}
