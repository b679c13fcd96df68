//! What the attributes refuse, and in which words: `ui/<attribute>/fail/<rule>.rs` with its `.stderr`.
//!
//! `TRYBUILD=overwrite cargo test -p webhooks-tests --test ui` writes the words anew; read them before they are kept.
//! Other compilers word their own part differently: the one that wrote the files is named in the root `Cargo.toml`,
//! under `workspace.metadata.snapshots`.

use webhooks_tests::workspace;

#[test]
fn every_mistake_is_reported_where_it_is() {
    // Standard output is shown only when the test fails, and that is when this sentence is needed.
    if let Some(difference) = workspace::other_compiler() {
        println!("{difference}");
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/fail/*.rs");
}
