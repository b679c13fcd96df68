//! The fields of a form or a query, as they were sent: names that repeat stay in their order.

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads what HTML forms send (`application/x-www-form-urlencoded`). What cannot be read is nothing.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        serde_html_form::from_bytes(text).ok().map(Self)
    }

    /// The first value of this name, when it is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of this name that are not empty.
    pub(crate) fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(own, _)| own == name);
        named
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What these names have, name by name.
    pub(crate) fn pairs<'f>(&'f self, names: &[&'f str]) -> Vec<(&'f str, &'f str)> {
        let mut pairs = Vec::new();
        for &name in names {
            pairs.extend(self.all(name).map(|value| (name, value)));
        }
        pairs
    }

    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|own| own == value)
    }

    /// These fields with another value of one name, as a query; without a value the name is left out.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> String {
        let others = self
            .0
            .iter()
            .filter(|(own, value)| own != name && !value.is_empty());
        let mut pairs: Vec<(&str, &str)> =
            others.map(|(name, value)| (&**name, &**value)).collect();
        pairs.extend(value.map(|value| (name, value)));
        query(&pairs)
    }
}

/// Pairs as the query of a URL, with its question mark; nothing for no pairs.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let text = serde_html_form::to_string(pairs).unwrap_or_default();
    format!("?{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_what_was_asked_for_but_for_one_name() {
        let fields = Fields::read(b"state=failed&state=pending&event=a%26b&cursor=x&empty=")
            .expect("fields");
        assert_eq!(
            fields.all("state").collect::<Vec<_>>(),
            ["failed", "pending"]
        );
        assert_eq!(fields.get("empty"), None);
        assert_eq!(
            fields.with("cursor", Some("y")),
            "?state=failed&state=pending&event=a%26b&cursor=y"
        );
        assert_eq!(Fields::default().with("cursor", None), "");
    }
}
