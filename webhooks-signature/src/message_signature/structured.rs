//! The part of Structured Fields (RFC 8941) that message signatures need: dictionaries of inner lists and of byte
//! sequences, with parameters.
//!
//! A library was not taken: profiles write byte sequences in base64url, which RFC 8941 does not know, and the signed text
//! needs each member written again as it was read.

use std::fmt::Write as _;

/// Members of one dictionary; more are refused.
const MAX_MEMBERS: usize = 32;
/// Parameters of one member, and items of one list; more are refused.
const MAX_ITEMS: usize = 64;

/// A dictionary: names and members, in the order in which they came.
pub(super) type Dictionary<T> = Vec<(String, T)>;

/// A member of `Signature-Input`: what is covered, and the parameters of the signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InnerList {
    pub(super) items: Vec<(String, Parameters)>,
    pub(super) parameters: Parameters,
}

/// Parameters behind an item or a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters(Vec<(String, Bare)>);

/// A value without parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bare {
    Integer(i64),
    Text(String),
    Token(String),
    Bytes(String),
    Boolean(bool),
}

impl Parameters {
    pub(super) fn get(&self, name: &str) -> Option<&Bare> {
        let found = self.0.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Bare::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Bare::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes them as RFC 8941 section 4.1.1.2 says.
    fn write(&self, out: &mut String) {
        for (name, value) in &self.0 {
            out.push(';');
            out.push_str(name);
            if *value != Bare::Boolean(true) {
                out.push('=');
                value.write(out);
            }
        }
    }
}

impl Bare {
    fn write(&self, out: &mut String) {
        match self {
            // Writing to a string cannot fail.
            Self::Integer(number) => drop(write!(out, "{number}")),
            Self::Text(text) => write_text(text, out),
            Self::Token(token) => out.push_str(token),
            Self::Bytes(text) => drop(write!(out, ":{text}:")),
            Self::Boolean(is_true) => out.push_str(if *is_true { "?1" } else { "?0" }),
        }
    }
}

impl InnerList {
    /// Writes it as RFC 8941 section 4.1.1.1 says: the value of `@signature-params`.
    pub(super) fn to_text(&self) -> String {
        let mut out = String::from("(");
        for (index, (item, parameters)) in self.items.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            write_item(item, parameters, &mut out);
        }
        out.push(')');
        self.parameters.write(&mut out);
        out
    }
}

/// A component's identifier: its name as a string, and its parameters.
pub(super) fn write_item(item: &str, parameters: &Parameters, out: &mut String) {
    write_text(item, out);
    parameters.write(out);
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        if matches!(char, '"' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out.push('"');
}

/// Reads `Signature-Input`.
pub(super) fn inputs(text: &str) -> Option<Dictionary<InnerList>> {
    Reader::new(text).dictionary(Reader::inner_list)
}

/// Reads `Signature` or `Content-Digest`: byte sequences, as the text between the colons.
pub(super) fn byte_sequences(text: &str) -> Option<Dictionary<String>> {
    Reader::new(text).dictionary(|reader| match reader.bare()? {
        Bare::Bytes(text) => {
            reader.parameters()?;
            Some(text)
        }
        _ => None,
    })
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.trim_matches(' '),
        }
    }

    /// RFC 8941 section 4.2.2. A name that comes twice is refused: which of both was meant is not certain.
    fn dictionary<T>(mut self, member: impl Fn(&mut Self) -> Option<T>) -> Option<Dictionary<T>> {
        let mut members = Vec::new();
        loop {
            let name = self.key()?;
            self.expect('=')?;
            let value = member(&mut self)?;
            let is_new = members.iter().all(|(one, _)| *one != name);
            if !is_new || members.len() == MAX_MEMBERS {
                return None;
            }
            members.push((name, value));
            self.skip(&[' ', '\t']);
            if self.rest.is_empty() {
                return Some(members);
            }
            self.expect(',')?;
            self.skip(&[' ', '\t']);
        }
    }

    fn inner_list(&mut self) -> Option<InnerList> {
        self.expect('(')?;
        let mut items = Vec::new();
        loop {
            self.skip(&[' ']);
            if self.take(')') {
                break;
            }
            let Bare::Text(item) = self.bare()? else {
                return None;
            };
            let parameters = self.parameters()?;
            if items.len() == MAX_ITEMS || !self.rest.starts_with([' ', ')']) {
                return None;
            }
            items.push((item, parameters));
        }
        Some(InnerList {
            items,
            parameters: self.parameters()?,
        })
    }

    fn parameters(&mut self) -> Option<Parameters> {
        let mut parameters = Vec::new();
        while self.take(';') {
            self.skip(&[' ']);
            let name = self.key()?;
            let value = if self.take('=') {
                self.bare()?
            } else {
                Bare::Boolean(true)
            };
            let is_new = parameters.iter().all(|(one, _)| *one != name);
            if !is_new || parameters.len() == MAX_ITEMS {
                return None;
            }
            parameters.push((name, value));
        }
        Some(Parameters(parameters))
    }

    /// RFC 8941 section 4.2.3.3.
    fn key(&mut self) -> Option<String> {
        let starts = self
            .rest
            .starts_with(|char: char| char.is_ascii_lowercase() || char == '*');
        let name = self.take_while(|char| {
            char.is_ascii_lowercase() || char.is_ascii_digit() || "_-.*".contains(char)
        });
        starts.then(|| name.to_owned())
    }

    fn bare(&mut self) -> Option<Bare> {
        match self.rest.chars().next()? {
            '"' => self.text().map(Bare::Text),
            ':' => self.bytes().map(Bare::Bytes),
            '?' => {
                let is_true = match self.rest.get(..2)? {
                    "?1" => true,
                    "?0" => false,
                    _ => return None,
                };
                self.rest = &self.rest[2..];
                Some(Bare::Boolean(is_true))
            }
            char if char.is_ascii_digit() || char == '-' => self.integer().map(Bare::Integer),
            char if char.is_ascii_alphabetic() || char == '*' => {
                let token = self.take_while(|char| {
                    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(char)
                });
                Some(Bare::Token(token.to_owned()))
            }
            _ => None,
        }
    }

    /// At most 15 digits (RFC 8941 section 3.3.1). No parameter of a signature is a decimal.
    fn integer(&mut self) -> Option<i64> {
        let is_negative = self.take('-');
        let digits = self.take_while(|char| char.is_ascii_digit());
        if digits.is_empty() || digits.len() > 15 || self.rest.starts_with('.') {
            return None;
        }
        let number: i64 = digits.parse().ok()?;
        Some(if is_negative { -number } else { number })
    }

    /// Printable ASCII; only the quote and the backslash are escaped.
    fn text(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, char)) = chars.next() {
            match char {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => match chars.next()? {
                    (_, escaped @ ('"' | '\\')) => text.push(escaped),
                    _ => return None,
                },
                ' '..='~' => text.push(char),
                _ => return None,
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<String> {
        self.expect(':')?;
        let text = self.take_while(|char| char.is_ascii_alphanumeric() || "+/-_=".contains(char));
        let text = text.to_owned();
        self.expect(':')?;
        Some(text)
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|char| !accept(char));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip(&mut self, characters: &[char]) {
        self.rest = self.rest.trim_start_matches(characters);
    }

    fn take(&mut self, char: char) -> bool {
        let rest = self.rest.strip_prefix(char);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, char: char) -> Option<()> {
        self.take(char).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_written_as_it_was_read() {
        for text in [
            "();created=1618884473",
            r#"("@method" "x-a";sf "@query-param";name="a \"b\"");created=1;keyid="k";alg="ed25519""#,
            r#"("a");x=?0;y=tok/en;z=:AAAA:;n=-7"#,
        ] {
            let members = inputs(&format!("sig1={text}")).unwrap();
            assert_eq!(members[0].1.to_text(), text);
        }
        let loose = inputs(r#"a=(  "x"   "y" ); created=1 , b=()"#).unwrap();
        assert_eq!(loose[0].1.to_text(), r#"("x" "y");created=1"#);
        assert_eq!(loose[1].0, "b");
    }

    #[test]
    fn what_is_not_a_dictionary_of_lists_is_refused() {
        for text in [
            "",
            "sig1",
            "sig1=",
            "sig1=token",
            "sig1=(",
            r#"sig1=("a"#,
            r#"sig1=("a" b)"#,
            r#"sig1=("a""b")"#,
            r#"sig1=("a");"#,
            r#"sig1=("a");x="#,
            r#"sig1=("a");x=1.5"#,
            r#"sig1=("a");x=1234567890123456"#,
            r#"sig1=("a");x=1;x=2"#,
            r#"sig1=("a"),"#,
            r#"sig1=("a"), sig1=("b")"#,
            r#"SIG=("a")"#,
            "sig1=(\"\u{e4}\")",
            "sig1=(\"a\\n\")",
        ] {
            assert_eq!(inputs(text), None, "{text}");
        }
    }

    #[test]
    fn byte_sequences_stand_between_colons() {
        let read = byte_sequences("sha-256=:AA-_:, sha-512=:BB==:;p=1").unwrap();
        assert_eq!(read[0], ("sha-256".to_owned(), "AA-_".to_owned()));
        assert_eq!(read[1].1, "BB==");
        for text in ["a=AA", "a=:AA", "a=:A A:", "a=(:AA:)", "a=:AA: b=:BB:"] {
            assert_eq!(byte_sequences(text), None, "{text}");
        }
    }
}
