//! What looks wrong in a catalogue or a document, and is not an error.
//!
//! A warning has a text that says what was found and what to do, so that an application can log it as it is. Under
//! [`OpenApi::strict`](crate::OpenApi::strict) each is an error.

use std::fmt;

/// Something that looks wrong but is not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The webhooks of the binary were asked for, and none was found.
    NothingCollected,
    /// A webhook names a replacement that the catalogue does not have.
    UnknownReplacement {
        /// The deprecated event.
        event: String,
        /// The name that was said.
        replacement: String,
    },
    /// Types of one name are declared in different modules, or differ in their generic parameters. In the document all of
    /// them have longer names, so that no name ever means another type than before.
    SchemaNameShared {
        /// The name that they would have.
        name: String,
        /// The types, by their path.
        types: Vec<String>,
        /// What each of them is called instead, in the same order.
        names: Vec<String>,
        /// What to write above the first of them, so that it has a name of its own.
        attribute: String,
    },
    /// Types of one name were numbered by schemars, and this version of it does not tell which type is which. Another
    /// webhook can change what such a name means.
    SchemaNamesNumbered {
        /// The names with a number.
        names: Vec<String>,
    },
    /// A type of a merged document and one of a webhook have the same name and are different; the webhook's was renamed.
    /// Of two merged documents, that which came later was.
    SchemaRenamed {
        /// The name of both.
        from: String,
        /// What the renamed type is called now.
        to: String,
    },
    /// A merged document says of the API or of a tag what was already said differently; what was said first is kept.
    Overridden {
        /// Where the merged document says it, as a JSON pointer.
        pointer: String,
    },
    /// A `$ref` of a merged document leads to nothing.
    DanglingReference {
        /// Where it is, as a JSON pointer; the first place where there are several.
        pointer: String,
        /// The reference.
        reference: String,
        /// In how many places it is.
        count: usize,
    },
    /// A `$ref` of a merged document leads to itself, so that it never arrives at anything.
    CyclicReference {
        /// Where it is, as a JSON pointer.
        pointer: String,
        /// The reference.
        reference: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingCollected => f.write_str(
                "no webhook was collected: when they are declared in another crate, the linker left that crate out \
                 because no code names it; write `use that_crate as _;`",
            ),
            Self::UnknownReplacement { event, replacement } => {
                write!(f, "`{event}` is marked as replaced by `{replacement}`, but the catalogue has no webhook `{replacement}`")
            }
            Self::SchemaNameShared {
                name,
                types,
                names,
                attribute,
            } => {
                let (types, names) = (types.join("`, `"), names.join("`, `"));
                write!(
                    f,
                    "`{types}` would be called `{name}` (#/components/schemas/{name}), which something else could be \
                     called too: in the document it is `{names}`; `{attribute}` gives the first a better name"
                )
            }
            Self::SchemaNamesNumbered { names } => {
                let names = names.join("`, `");
                write!(
                    f,
                    "`{names}` (#/components/schemas): schemars has numbered types of one name, and does not tell here which \
                     is which, so that a further webhook can change what these names mean; give the types names of their \
                     own with `#[schemars(rename = \"..\")]`"
                )
            }
            Self::SchemaRenamed { from, to } => write!(
                f,
                "two different types are called `{from}` (#/components/schemas/{from}): that of the webhooks, or of the \
                 document merged later, is `{to}` in the document; `#[schemars(rename = \"..\")]` gives it a better \
                 name, and one that is meant to be the same must allow the same in both"
            ),
            Self::Overridden { pointer } => {
                write!(f, "{pointer} of a merged document gives way to what was said before it")
            }
            Self::DanglingReference { pointer, reference, count } => {
                let further = if *count > 1 { format!(" (and {} further places)", count - 1) } else { String::new() };
                write!(f, "{pointer}{further} refers to `{reference}`, which is not in the document")
            }
            Self::CyclicReference { pointer, reference } => {
                write!(f, "{pointer} refers to `{reference}`, which refers back to it")
            }
        }
    }
}
