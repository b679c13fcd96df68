//! Only the sender's tables see SQL: no other file of it makes a statement's parameters or reads a row.

use syn::UseTree;
use syn::visit::{self, Visit};
use webhooks_tests::source;
use webhooks_tests::workspace;

/// The folder whose files may.
const FLOOR: &str = "tables";
/// What statements and their rows are made of, in sqlx and in the store.
const WORDS: [&str; 8] = [
    "AssertSqlSafe",
    "Parameters",
    "Row",
    "Sql",
    "Statement",
    "query",
    "query_as",
    "raw_sql",
];

#[test]
fn only_the_tables_of_the_sender_see_sql() {
    let mut found = Vec::new();
    for file in source::library("webhooks-sender") {
        if file.module.first().is_none_or(|module| module != FLOOR) {
            let shown = workspace::shown(&file.path);
            let words = words_of_sql(&file.syntax);
            found.extend(words.into_iter().map(|word| format!("{shown}: {word}")));
        }
    }
    assert!(
        found.is_empty(),
        "SQL belongs into webhooks-sender/src/{FLOOR}\n{}",
        found.join("\n")
    );
}

#[test]
fn the_sender_reads_columns_by_name() {
    let crates = xtask::measure::workspace(workspace::root()).expect("the source can be read");
    let sender = crates
        .iter()
        .find(|counts| counts.name == "webhooks-sender");
    let found = &sender.expect("the sender was counted").positional_reads;
    assert!(
        found.is_empty(),
        "a column added in the middle would be read as another\n{}",
        found.join("\n")
    );
}

#[test]
fn every_way_to_reach_sql_is_found() {
    let found = |text: &str| words_of_sql(&syn::parse_str(text).expect("the case is Rust")).len();
    assert_eq!(found("use webhooks_store::{Id, Parameters, Row as R};"), 2);
    assert_eq!(found("fn f() { sqlx::query(\"SELECT 1\"); }"), 1);
    assert_eq!(found("fn f(row: &webhooks_store::Row<D>) {}"), 1);
    assert_eq!(found("use webhooks_store::*;"), 1);
    assert_eq!(found("use webhooks_store::Id; fn query() {}"), 0);
}

fn words_of_sql(syntax: &syn::File) -> Vec<String> {
    let mut finder = Finder(Vec::new());
    finder.visit_file(syntax);
    finder.0
}

struct Finder(Vec<String>);

impl Finder {
    fn record(&mut self, path: &[String]) {
        let starts = path
            .first()
            .is_some_and(|first| first == "sqlx" || first == "webhooks_store");
        let last = path.last().map_or("", String::as_str);
        if starts && (last == "*" || WORDS.contains(&last)) {
            self.0.push(path.join("::"));
        }
    }

    fn record_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.record_tree(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) => self.record(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.record(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.record(&with("*".to_owned())),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|item| self.record_tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.record_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        let segments: Vec<_> = segments.map(|one| one.ident.to_string()).collect();
        self.record(&segments);
        visit::visit_path(self, path);
    }
}
