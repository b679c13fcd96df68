//! The members of an object, each of which names itself when its value is wrong.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// A value with a path for its errors, read from a map.
pub(super) trait FromFields: Sized {
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

pub(super) struct Fields<T>(PhantomData<T>);

impl<T> Default for Fields<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: FromFields> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(map)
    }
}

impl<'de, T: FromFields> DeserializeSeed<'de> for Fields<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// One field while its object is read: refuses a second value and names itself in errors.
pub(super) struct Slot<T> {
    name: &'static str,
    pub(super) value: Option<T>,
}

impl<T> Slot<T> {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, value: None }
    }

    pub(super) fn fill<'de, A, S>(&mut self, map: &mut A, seed: S) -> Result<(), A::Error>
    where
        A: MapAccess<'de>,
        S: DeserializeSeed<'de, Value = T>,
    {
        if self.value.is_some() {
            return Err(A::Error::custom(format_args!(
                "`{}`: given twice",
                self.name
            )));
        }
        let value = map.next_value_seed(seed).map_err(|error| {
            let text = error.to_string();
            // An inner object has already said which of its members is at fault.
            let inner = text.starts_with(&format!("`{}.", self.name));
            if inner {
                A::Error::custom(text)
            } else {
                A::Error::custom(format_args!("`{}`: {text}", self.name))
            }
        })?;
        self.value = Some(value);
        Ok(())
    }

    pub(super) fn required<E: Error>(self) -> Result<T, E> {
        self.value
            .ok_or_else(|| E::custom(format_args!("`{}`: missing", self.name)))
    }
}

/// One of a few words.
pub(super) struct OneOf<T: 'static>(pub(super) &'static [(&'static str, T)]);

impl<'de, T: Copy> DeserializeSeed<'de> for OneOf<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let word = String::deserialize(deserializer)?;
        let found = self
            .0
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, value)| *value);
        found.ok_or_else(|| {
            let known: Vec<_> = self.0.iter().map(|(name, _)| *name).collect();
            D::Error::custom(format_args!(
                "unknown value `{word}`; there are {}",
                known.join(", ")
            ))
        })
    }
}

/// A value that may be null, which is the same as leaving it out.
pub(super) struct Nullable<S>(pub(super) S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}
