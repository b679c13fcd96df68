//! The spellings of one URL that a provider may have signed.

use super::split_origin;

/// Which spellings of the URL are tried, the one given always first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlForm {
    /// As it is.
    #[default]
    Exact,
    /// Also without a port, with the standard port of the scheme, and with the quote `'` written as `%27` or
    /// the reverse in the query: Twilio signs any of these. JSON: `port-variants`.
    PortVariants,
    /// Also with the characters decoded that HubSpot decodes before it signs. JSON: `decoded`.
    Decoded,
}

/// What HubSpot decodes ("Validating requests", step 4 of version 3).
const HUBSPOT: [(&str, &str); 12] = [
    ("%3A", ":"),
    ("%2F", "/"),
    ("%3F", "?"),
    ("%40", "@"),
    ("%21", "!"),
    ("%24", "$"),
    ("%27", "'"),
    ("%28", "("),
    ("%29", ")"),
    ("%2A", "*"),
    ("%2C", ","),
    ("%3B", ";"),
];

impl UrlForm {
    pub(crate) const ALL: [(&'static str, Self); 3] = [
        ("exact", Self::Exact),
        ("port-variants", Self::PortVariants),
        ("decoded", Self::Decoded),
    ];

    /// The other spellings to try, without repetition. At most eight.
    pub(crate) fn others(self, url: &str) -> Vec<String> {
        let mut others: Vec<String> = match self {
            Self::Exact => Vec::new(),
            Self::PortVariants => ports(url).iter().flat_map(|url| quotes(url)).collect(),
            Self::Decoded => vec![decoded(url)],
        };
        others.sort_unstable();
        others.dedup();
        others.retain(|other| other != url);
        others
    }
}

/// As given, without a port, and with the standard port if it has none.
fn ports(url: &str) -> Vec<String> {
    let mut urls = vec![url.to_owned()];
    let Some((origin, rest)) = split_origin(url) else {
        return urls;
    };
    // An IPv6 address ends in `]`, so a colon behind which only digits stand begins a port.
    match origin.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            urls.push(format!("{host}{rest}"));
        }
        _ => {
            let is_https = origin
                .get(..5)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
            urls.push(format!(
                "{origin}:{}{rest}",
                if is_https { 443 } else { 80 }
            ));
        }
    }
    urls
}

/// As given, with quotes encoded, and with quotes decoded in the query.
fn quotes(url: &str) -> Vec<String> {
    let mut urls = vec![url.to_owned()];
    if let Some((path, query)) = url.split_once('?') {
        urls.push(format!("{path}?{}", query.replace('\'', "%27")));
        urls.push(format!("{path}?{}", query.replace("%27", "'")));
    }
    urls
}

/// In the path the characters that end a segment or the path stay encoded: otherwise the signature for `/a/b` would be
/// good for `/a%2Fb`, which is another route.
fn decoded(url: &str) -> String {
    let (path, query) = match url.find('?') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let replace = |text: &str, keep: &[&str]| {
        let characters = HUBSPOT.iter().filter(|(_, plain)| !keep.contains(plain));
        characters.fold(text.to_owned(), |text, (encoded, plain)| {
            text.replace(encoded, plain)
                .replace(&encoded.to_ascii_lowercase(), plain)
        })
    };
    replace(path, &["/", "?"]) + &replace(query, &[])
}

/// The value of a query parameter, as it is.
pub(crate) fn query_value<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let query = url.split_once('?')?.1;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_dropped_or_added() {
        let others = |url| UrlForm::PortVariants.others(url);
        assert_eq!(others("https://a.com:1234/x?y=1"), ["https://a.com/x?y=1"]);
        assert_eq!(others("https://a.com/x"), ["https://a.com:443/x"]);
        assert_eq!(others("http://u:p@a.com/x"), ["http://u:p@a.com:80/x"]);
        assert_eq!(others("http://[::1]/x"), ["http://[::1]:80/x"]);
        assert_eq!(others("http://[::1]:8080/x"), ["http://[::1]/x"]);
    }

    #[test]
    fn quotes_in_the_query_are_tried_both_ways() {
        let others = UrlForm::PortVariants.others("https://a.com:1/o'x?b=It's");
        assert!(others.contains(&"https://a.com:1/o'x?b=It%27s".to_owned()));
        assert!(others.contains(&"https://a.com/o'x?b=It%27s".to_owned()));
        let back = UrlForm::PortVariants.others("https://a.com/?b=It%27s");
        assert!(back.contains(&"https://a.com/?b=It's".to_owned()));
    }

    #[test]
    fn hubspot_signs_some_characters_decoded() {
        let others = UrlForm::Decoded.others("https://a.com/?to=a%40b.com&at=1%3a2&x=%20");
        assert_eq!(others, ["https://a.com/?to=a@b.com&at=1:2&x=%20"]);
    }

    #[test]
    fn a_decoded_path_has_the_segments_that_it_had() {
        let others = UrlForm::Decoded.others("https://a.com/a%2Fb%3f%40c?d=%2F");
        assert_eq!(others, ["https://a.com/a%2Fb%3f@c?d=/"]);
    }

    #[test]
    fn the_exact_form_tries_nothing_else() {
        assert!(UrlForm::Exact.others("https://a.com/").is_empty());
    }

    #[test]
    fn a_query_parameter_is_found_by_its_whole_name() {
        let url = "https://a.com/?xh=1&h=2&h=3#h=4";
        assert_eq!(query_value(url, "h"), Some("2"));
        assert_eq!(query_value(url, "x"), None);
        assert_eq!(query_value("https://a.com/h=1", "h"), None);
    }
}
