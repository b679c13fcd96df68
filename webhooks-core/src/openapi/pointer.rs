//! JSON pointers (RFC 6901): writing them, and following a `$ref` inside of a document.

use std::borrow::Cow;

use serde_json::Value;

/// A member's name as a token of a pointer.
pub(crate) fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        Cow::Owned(name.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Undoes the escapes of a token.
pub(crate) fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Adds a token.
pub(crate) fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&escape(name));
}

/// The pointer in a reference to this same document: `#/a%20b` is `/a b`.
pub(crate) fn in_reference(reference: &str) -> Option<Cow<'_, str>> {
    let fragment = reference.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| percent_decode(fragment))
}

/// What a reference to this same document leads to.
pub(crate) fn follow<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(&in_reference(reference)?)
}

/// The reference of a Reference Object, or of a schema that has one.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// Undoes the escapes of a URI's fragment (RFC 3986, section 2.1); what is not an escape stays.
pub(crate) fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes
            .get(i + 1..i + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[i] == b'%' => {
                decoded.push(byte);
                i += 3;
            }
            _ => {
                decoded.push(bytes[i]);
                i += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_followed_through_every_escape() {
        let document = json!({ "a/b": { "c~d e": [1, { "%": 2 }] } });
        assert_eq!(follow(&document, "#/a~1b/c~0d%20e/1/%25"), Some(&json!(2)));
        assert_eq!(follow(&document, "#"), Some(&document));
        for other in [
            "#/a",
            "#anchor",
            "other.json#/a~1b",
            "",
            "#/a~1b/c~0d%20e/01",
        ] {
            assert_eq!(follow(&document, other), None, "{other}");
        }
    }

    #[test]
    fn a_pointer_can_be_read_again() {
        let mut pointer = String::new();
        push(&mut pointer, "a/b~");
        assert_eq!(pointer, "/a~1b~0");
        assert_eq!(unescape(&pointer[1..]), "a/b~");
    }
}
