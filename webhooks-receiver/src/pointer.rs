//! JSON pointers (RFC 6901) as tokens, parsed once.

/// The way to a value in a JSON document; without tokens it is the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer {
    tokens: Vec<String>,
}

impl Pointer {
    /// `/data/object`; a name without a slash is the member of that name, an empty text is the whole document.
    pub(crate) fn parse(text: &str) -> Self {
        let path = text.strip_prefix('/').unwrap_or(text);
        if text.is_empty() {
            return Self::default();
        }
        Self {
            tokens: path
                .split('/')
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect(),
        }
    }

    pub(crate) fn tokens(&self) -> &[String] {
        &self.tokens
    }

    pub(crate) fn is_root(&self) -> bool {
        self.tokens.is_empty()
    }
}

/// Pointers through lists: `/entry/*/changes` leads to the changes of every entry.
///
/// Each step but the last ends at a list whose elements the next step begins at.
pub(crate) fn through_lists(text: &str) -> Vec<Pointer> {
    text.split("/*").map(Pointer::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_unescaped_once() {
        assert_eq!(Pointer::parse("/a~1b/~0c").tokens(), ["a/b", "~c"]);
        assert_eq!(
            Pointer::parse("/~01").tokens(),
            ["~1"],
            "`~01` is `~1`, not `/`"
        );
    }

    #[test]
    fn a_name_alone_is_the_member_of_that_name() {
        assert_eq!(Pointer::parse("type"), Pointer::parse("/type"));
    }

    #[test]
    fn the_empty_pointer_is_the_whole_document() {
        assert!(Pointer::parse("").is_root());
        assert_eq!(
            Pointer::parse("/").tokens(),
            [""],
            "a slash alone is the member with the empty name"
        );
    }

    #[test]
    fn a_star_stands_for_every_element_of_a_list() {
        assert_eq!(
            through_lists("/entry/*/changes"),
            [Pointer::parse("/entry"), Pointer::parse("/changes")]
        );
        assert_eq!(through_lists("/events"), [Pointer::parse("/events")]);
        assert_eq!(through_lists(""), [Pointer::default()]);
    }
}
