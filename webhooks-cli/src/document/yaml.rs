//! YAML 1.2, within bounds that no real document reaches: depth, nodes, and what aliases expand to.

use serde_json::Value;
use serde_saphyr::{Budget, DuplicateKeyPolicy, Options};

use super::error::DocumentError;
use super::limit::LARGEST;
use super::tree::Reading;
use crate::pointer::Pointer;

/// Levels of nesting: half of what JSON may have, because the reader of YAML needs more stack for each.
const DEEPEST: usize = 64;

/// Values, names and brackets, after aliases are expanded: a document of 50 MB has about a tenth.
const MOST_NODES: usize = 20_000_000;

/// What aliases may add: documents are written without them, or with a few dozen.
const MOST_REPLAYED: usize = 100_000;

/// The value, and the members that an object has twice.
pub(super) fn read(bytes: &[u8]) -> Result<(Value, Vec<Pointer>), DocumentError> {
    let reading = Reading::default();
    let value =
        serde_saphyr::with_deserializer_from_slice_with_options(bytes, options(), |deserializer| {
            reading.value(deserializer)
        });
    match value {
        Ok(value) => Ok((value, reading.into_duplicates())),
        Err(error) => {
            let message = format!("this is not YAML: {error}");
            Err(DocumentError::new(reading.place(), message).because(error))
        }
    }
}

fn options() -> Options {
    let mut budget = Budget::default();
    budget.max_depth = DEEPEST;
    budget.flow_nesting_limit = DEEPEST;
    budget.max_nodes = MOST_NODES;
    budget.max_events = 2 * MOST_NODES;
    budget.max_total_scalar_bytes = LARGEST;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits.max_total_replayed_events = MOST_REPLAYED;
    // OpenAPI is written in YAML 1.2, where `no` and `1_000` are texts.
    options.strict_booleans = true;
    options.underscored_numbers_as_strings = true;
    // Seen by our own visitor, which remembers where.
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.with_snippet = false;
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn yaml_reads_as_the_json_it_stands_for() {
        let text = "openapi: 3.1.0\nwebhooks:\n  a:\n    post:\n      responses:\n        200: {description: no}\n";
        let document = Document::parse(text.as_bytes()).expect("YAML");
        assert_eq!(
            document.root()["webhooks"]["a"]["post"]["responses"]["200"]["description"],
            "no"
        );
        assert_eq!(document.root()["openapi"], "3.1.0");
    }

    #[test]
    fn a_version_without_quotes_is_explained() {
        let error = Document::parse(b"openapi: 3.1\n")
            .expect_err("a number")
            .to_string();
        assert!(
            error.starts_with("#/openapi: ") && error.ends_with(r#"write it as "3.1.0""#),
            "{error}"
        );
    }

    #[test]
    fn a_plain_text_is_no_document() {
        let error = Document::parse(b"hello").expect_err("a text").to_string();
        assert_eq!(error, "#: an OpenAPI document is an object, this is a text");
    }

    #[test]
    fn a_bomb_of_aliases_is_refused_before_it_grows() {
        let mut text = "openapi: 3.1.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            text += &["a", &level.to_string(), ": &a", &level.to_string(), " "].concat();
            text += &["[", &[before.as_str(); 10].join(", "), "]\n"].concat();
        }
        let error = Document::parse(text.as_bytes())
            .expect_err("a bomb")
            .to_string();
        assert!(error.starts_with("#/a") && error.len() < 400, "{error}");
    }

    #[test]
    fn an_alias_to_itself_is_refused() {
        assert!(Document::parse(b"openapi: 3.1.0\na: &a [*a]\n").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_without_a_crash() {
        for text in [
            format!("a: {}", "[".repeat(100_000)),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
        ] {
            assert!(Document::parse(text.as_bytes()).is_err());
        }
    }

    #[test]
    fn members_that_stand_twice_are_remembered() {
        let document = Document::parse(b"openapi: 3.1.0\na:\n  b: 1\n  b: 2\n").expect("YAML");
        assert_eq!(
            document.duplicates(),
            [Pointer::root().child("a").child("b")]
        );
    }

    #[test]
    fn several_documents_in_one_text_are_refused() {
        assert!(Document::parse(b"openapi: 3.1.0\n---\nopenapi: 3.1.0\n").is_err());
    }
}
