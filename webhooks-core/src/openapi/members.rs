//! A handful of members in the order in which they were given: a map without a table, because a body has one content
//! type and a webhook a few responses.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Members by name, each name once.
#[derive(Debug, Clone)]
pub(crate) struct Members<T>(Vec<(Cow<'static, str>, T)>);

impl<T> Members<T> {
    /// One member.
    pub(crate) fn one(name: impl Into<Cow<'static, str>>, value: T) -> Self {
        Self(vec![(name.into(), value)])
    }

    /// Sets a member; one of this name gives way.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: T) {
        let name = name.into();
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Members<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name.as_ref(), value)?;
        }
        map.end()
    }
}
