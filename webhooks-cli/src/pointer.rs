//! JSON Pointers (RFC 6901): the place of a value in a document.

use std::fmt;

use serde::{Serialize, Serializer};

/// A place in a JSON document.
///
/// It is shown as a `$ref` has it, with a leading `#`; [`as_str`](Self::as_str) is the plain pointer.
///
/// ```
/// use webhooks_cli::Pointer;
///
/// let pointer = Pointer::root().child("webhooks").child("a/b").child("post");
/// assert_eq!(pointer.to_string(), "#/webhooks/a~1b/post");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// A pointer as RFC 6901 writes it, from a source that is known to be one.
    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// A member of the object here.
    pub fn child(&self, name: &str) -> Self {
        let mut child = self.clone();
        child.push(name);
        child
    }

    /// An item of the array here.
    pub fn index(&self, index: usize) -> Self {
        self.child(&index.to_string())
    }

    /// The pointer as RFC 6901 writes it: empty for the whole document.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Goes down to a member; [`pop_to`](Self::pop_to) the former length comes back.
    pub(crate) fn push(&mut self, name: &str) {
        self.0.push('/');
        if name.contains(['~', '/']) {
            self.0.push_str(&name.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(name);
        }
    }

    pub(crate) fn pop_to(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_in_names_are_escaped() {
        assert_eq!(
            Pointer::root().child("a/b~c").index(3).to_string(),
            "#/a~1b~0c/3"
        );
        assert_eq!(Pointer::root().as_str(), "");
    }

    #[test]
    fn a_pushed_name_can_be_taken_back() {
        let mut pointer = Pointer::root().child("a");
        let length = pointer.as_str().len();
        pointer.push("x/y");
        assert_eq!(pointer.as_str(), "/a/x~1y");
        pointer.pop_to(length);
        assert_eq!(pointer.as_str(), "/a");
    }
}
