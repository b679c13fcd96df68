//! Arrays whose first element says what the others are: `["kv", ",", ["v1"]]`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, SeqAccess, Visitor,
};

use crate::field::{Kind, Label};
use crate::key::KeyForm;
use crate::text::{Names, Text};
use crate::timestamp::{JsonPointer, Source};

/// Reads a `T` from such an array.
pub(super) struct TaggedArray<T>(PhantomData<T>);

/// Says how, given the first element.
pub(super) trait FromTagged: Sized {
    fn read<'de, A: SeqAccess<'de>>(tag: &str, rest: &mut Rest<A>) -> Result<Self, A::Error>;
}

/// The elements behind the first.
pub(super) struct Rest<A>(A);

/// The name in `["query", name]`.
pub(super) struct QueryParameter(pub(super) String);

impl<'de, A: SeqAccess<'de>> Rest<A> {
    fn next<T: Deserialize<'de>>(&mut self, what: &str) -> Result<T, A::Error> {
        self.0
            .next_element()?
            .ok_or_else(|| A::Error::custom(format_args!("{what} is missing")))
    }

    fn text(&mut self, what: &str) -> Result<Text, A::Error> {
        self.next::<String>(what).map(Text::Owned)
    }

    /// A text that may be null or absent.
    fn optional_text(&mut self) -> Result<Option<Text>, A::Error> {
        Ok(self
            .0
            .next_element::<Option<String>>()?
            .flatten()
            .map(Text::Owned))
    }
}

impl FromTagged for KeyForm {
    fn read<'de, A: SeqAccess<'de>>(tag: &str, rest: &mut Rest<A>) -> Result<Self, A::Error> {
        Ok(match tag {
            "utf8" => Self::Utf8,
            "base64" => Self::Base64 {
                prefix: rest.optional_text()?,
            },
            "hex" => Self::Hex,
            "ed25519" => Self::Ed25519 {
                prefix: rest.optional_text()?,
            },
            "ed25519hex" => Self::Ed25519Hex,
            "spki-b64" => Self::SpkiBase64,
            _ => {
                return Err(unknown(
                    tag,
                    "utf8, base64, hex, ed25519, ed25519hex and spki-b64",
                ));
            }
        })
    }
}

impl FromTagged for Label {
    fn read<'de, A: SeqAccess<'de>>(tag: &str, rest: &mut Rest<A>) -> Result<Self, A::Error> {
        Ok(Self(match tag {
            "prefix" => Kind::Prefix(rest.text("the prefix")?),
            "optprefix" => Kind::OptionalPrefix(rest.text("the prefix")?),
            "iprefix" => Kind::AnyCasePrefix(rest.text("the prefix")?),
            "kv" => Kind::Versioned {
                separator: rest.next("the separator")?,
                accept: Names::Owned(rest.next("the list of versions")?),
            },
            _ => return Err(unknown(tag, "prefix, optprefix, iprefix and kv")),
        }))
    }
}

impl FromTagged for Source {
    fn read<'de, A: SeqAccess<'de>>(tag: &str, rest: &mut Rest<A>) -> Result<Self, A::Error> {
        Ok(match tag {
            "header" => Self::Header(Names::Owned(rest.next("the list of headers")?)),
            "field" => Self::Field(rest.text("the field's name")?),
            "json" => Self::Json(JsonPointer::owned(rest.next("the JSON pointer")?)),
            _ => return Err(unknown(tag, "header, field and json")),
        })
    }
}

impl FromTagged for QueryParameter {
    fn read<'de, A: SeqAccess<'de>>(tag: &str, rest: &mut Rest<A>) -> Result<Self, A::Error> {
        match tag {
            "query" => rest.next("the parameter's name").map(Self),
            _ => Err(unknown(tag, "query")),
        }
    }
}

fn unknown<E: Error>(tag: &str, known: &str) -> E {
    E::custom(format_args!("unknown word `{tag}`; there are {known}"))
}

impl<T> Default for TaggedArray<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: FromTagged> DeserializeSeed<'de> for TaggedArray<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: FromTagged> Visitor<'de> for TaggedArray<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array that begins with a word, such as [\"prefix\", \"v1=\"]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        let mut rest = Rest(items);
        let tag: String = rest.next("the word at the beginning")?;
        let value = T::read(&tag, &mut rest)?;
        match rest.0.next_element::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::custom(format_args!(
                "more elements than `{tag}` takes"
            ))),
        }
    }
}
