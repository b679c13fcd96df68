//! What the attributes refuse, and in which words: `ui/<attribute>/fail/<rule>.rs` beside its `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test -p webhooks-tests --test ui` writes the words anew; read them before they are kept.

#[test]
fn every_mistake_is_reported_where_it_is() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/fail/*.rs");
    cases.pass("ui/*/pass/*.rs");
}
