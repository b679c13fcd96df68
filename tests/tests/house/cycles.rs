//! No two files use one another, not even through a third: a file can be read when those it uses are understood.

use webhooks_tests::imports::Imports;
use webhooks_tests::source::{self, Source};
use webhooks_tests::workspace;

#[test]
fn no_files_use_one_another_in_a_circle() {
    let mut found = Vec::new();
    for name in workspace::libraries() {
        let cycles = Imports::between(&source::library(&name)).cycles();
        found.extend(cycles.into_iter().map(|cycle| format!("{name}: {cycle}")));
    }
    assert!(
        found.is_empty(),
        "cut one of the uses of each circle\n{}",
        found.join("\n")
    );
}

#[test]
fn every_way_to_close_a_circle_is_found() {
    let a = ("a", "pub fn f() {} pub struct T;");
    let cycles = |files: &[(&str, &str)]| Imports::between(&parsed(files)).cycles();
    for back in [
        "use crate::a::T;",
        "use super::a::T;",
        "fn f() -> crate::a::T { loop {} }",
        "fn f() { crate::a::f() }",
        "fn f() { assert!(crate::a::f()) }",
        "use super::a; ",
        "mod inner { use super::super::a::T; }",
        "use super::reexports::T;",
    ] {
        let a = ("a", "use crate::b::g; pub fn f() {} pub struct T;");
        let files = [a, ("b", back), ("reexports", "pub use super::a::T;")];
        assert_eq!(cycles(&files), ["a -> b -> a (2 files)"], "{back}");
    }
    let through_a_third = [
        ("a", "use crate::b::f;"),
        ("b", "use crate::c::f;"),
        ("c", "use crate::a::f;"),
    ];
    assert_eq!(cycles(&through_a_third), ["a -> b -> c -> a (3 files)"]);
    let parent_and_child = [
        ("a", "mod b; fn f() { b::g() } pub struct T;"),
        ("a::b", "use super::T;"),
    ];
    assert_eq!(cycles(&parent_and_child), ["a -> a::b -> a (2 files)"]);

    let siblings = [
        ("a", "mod b; mod c; pub use b::T;"),
        ("a::b", "pub struct T;"),
        ("a::c", "use super::T;"),
    ];
    assert!(cycles(&siblings).is_empty(), "a re-export ties nothing");
    assert!(cycles(&[a, ("b", "use crate::a::T; use crate::b::g;")]).is_empty());
    let used = [
        ("a", "mod b; pub use b::T; fn f(_: T) {} pub struct U;"),
        ("a::b", "use super::U;"),
    ];
    assert_eq!(cycles(&used).len(), 1, "what is re-exported and used ties");
}

fn parsed(files: &[(&str, &str)]) -> Vec<Source> {
    let parsed = files.iter().map(|(module, text)| Source {
        path: module.into(),
        module: module.split("::").map(str::to_owned).collect(),
        syntax: syn::parse_str(text).expect("the case is Rust"),
    });
    parsed.collect()
}
