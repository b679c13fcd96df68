//! Documents as YAML in block style: strings stay strings for every reader, of YAML 1.1 and of 1.2.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::document::Document;

impl Document {
    /// The document as YAML in block style; it reads back equal to the JSON.
    ///
    /// Strings that a reader could take for something else are quoted: `no`, `1e3`, `2024-01-01`, `~`. Text of several
    /// lines is in a block of its own.
    ///
    /// ```
    /// use webhooks_core::OpenApi;
    ///
    /// let document = OpenApi::new("Payments", "1.0").description("One line.\nAnother.").build()?;
    /// let yaml = document.to_yaml();
    /// assert!(yaml.contains("|-\n    One line.\n    Another.\n"), "{yaml}");
    /// assert!(yaml.contains("version: \"1.0\"\n"), "{yaml}");
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn to_yaml(&self) -> String {
        write_yaml(&self.to_value())
    }
}

/// Writes any JSON as YAML, as [`Document::to_yaml`] does.
#[expect(clippy::missing_panics_doc, reason = "the expectation cannot fail")]
pub fn write_yaml(value: &Value) -> String {
    serde_saphyr::to_string(&Node(value))
        .expect("JSON has string keys only, and every string can be quoted")
}

/// A value whose strings are quoted where a block would be misread.
struct Node<'a>(&'a Value);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) if is_misread_in_a_block(text) => {
                serde_saphyr::DoubleQuoted(text.as_str()).serialize(serializer)
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items
                    .iter()
                    .try_for_each(|item| list.serialize_element(&Node(item)))?;
                list.end()
            }
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members
                    .iter()
                    .try_for_each(|(key, member)| map.serialize_entry(key, &Node(member)))?;
                map.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

/// libyaml refuses a block whose first line begins with a tab.
fn is_misread_in_a_block(text: &str) -> bool {
    text.contains('\n') && text.trim_start_matches([' ', '\n']).starts_with('\t')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_that_look_like_something_else_are_quoted() {
        for text in [
            "no",
            "1e3",
            "2024-01-01",
            "0o7",
            "~",
            "",
            "12:30:45",
            "1_000",
            "=",
            "<<",
            " lead",
            "trail ",
            "null",
        ] {
            assert_eq!(
                write_yaml(&json!({ "a": text })),
                format!("a: \"{text}\"\n")
            );
            assert_eq!(write_yaml(&json!({ text: 1 })), format!("\"{text}\": 1\n"));
        }
        assert_eq!(write_yaml(&json!({ "a": "plain text" })), "a: plain text\n");
    }

    #[test]
    fn text_of_several_lines_stands_in_a_block() {
        assert_eq!(
            write_yaml(&json!({ "a": "one\n  two\n" })),
            "a: |\n  one\n    two\n"
        );
        assert_eq!(
            write_yaml(&json!({ "a": ["one\n\ntwo"] })),
            "a:\n- |-\n  one\n\n  two\n"
        );
        assert_eq!(
            write_yaml(&json!({ "a": "\tone\ntwo" })),
            "a: \"\\tone\\ntwo\"\n"
        );
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(
            write_yaml(&json!("a\u{0}\u{85}\u{feff}b")),
            "\"a\\0\\N\\uFEFFb\"\n"
        );
    }
}
