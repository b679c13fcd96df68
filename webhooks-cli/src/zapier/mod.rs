//! A Zapier integration as files: one trigger for each event, over the routes of `webhooks-api`.
//!
//! The files are a start and are meant to be edited: a logo, names, a sign-in by OAuth. Nothing in them is secret.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::catalogue::{Catalogue, Operation};

/// The version of Zapier's library that the files are written for.
const PLATFORM: &str = "19.1.0";

/// Where the API is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// The address that was given, or the one in the document: its first server and the path of the hooks in it.
    ///
    /// # Errors
    ///
    /// A text for a person, when there is none, or Zapier cannot reach it.
    pub(crate) fn of(given: Option<&str>, document: &Value) -> Result<Self, String> {
        let text = match given {
            Some(given) => given.to_owned(),
            None => in_document(document).ok_or(
                "the document does not say where the management API is: it has no server with an absolute URL, or no \
                 operation `webhooks_post_hooks`; say it with --api https://api.example.com/webhooks",
            )?,
        };
        let is_absolute = text.starts_with("https://") || text.starts_with("http://");
        if !is_absolute || text.contains(char::is_whitespace) {
            return Err("the address of the API must be an absolute URL, as in --api https://api.example.com/webhooks".into());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

fn in_document(document: &Value) -> Option<String> {
    let server = document.pointer("/servers/0/url")?.as_str()?;
    let paths = document.get("paths")?.as_object()?;
    let is_ours = |item: &Value| {
        item.pointer("/post/operationId").and_then(Value::as_str) == Some("webhooks_post_hooks")
    };
    let (path, _) = paths.iter().find(|(_, item)| is_ours(item))?;
    let base = path.strip_suffix("/hooks")?;
    Some(format!("{}{base}", server.trim_end_matches('/')))
}

/// The files by their names, relative to the integration's folder.
pub(crate) fn integration(
    catalogue: &Catalogue<'_>,
    document: &Value,
    address: &Address,
) -> BTreeMap<String, String> {
    let title = document.pointer("/info/title").and_then(Value::as_str);
    let title = title.unwrap_or("Webhooks");
    let mut files = BTreeMap::new();
    let mut keys = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for operation in &catalogue.operations {
        // An event with several methods is one trigger.
        if !seen.insert(operation.event) {
            continue;
        }
        let key = unused_key(operation.event, &keys);
        files.insert(format!("triggers/{key}.js"), trigger(&key, operation));
        keys.insert(key);
    }
    let (header, prefix) = credentials(document);
    let api = json!({ "url": address.0, "header": header, "prefix": prefix });
    files.insert(
        "api.js".to_owned(),
        format!(
            "// Where the management API is, and how requests to it are authenticated.\n\nmodule.exports = {};\n",
            pretty(&api)
        ),
    );
    files.insert("hook.js".to_owned(), include_str!("hook.js").to_owned());
    let authentication = include_str!("authentication.js");
    files.insert("authentication.js".to_owned(), authentication.to_owned());
    files.insert("index.js".to_owned(), index(&keys));
    files.insert("package.json".to_owned(), package(title));
    files.insert("README.md".to_owned(), readme(title));
    files
}

fn trigger(key: &str, operation: &Operation<'_>) -> String {
    let event = operation.event;
    let label = operation
        .text("summary")
        .map_or_else(|| words(event), one_line);
    let description = operation.text("description").map(one_line);
    let mut description =
        description.unwrap_or_else(|| format!("Triggers when {} is sent.", words(event)));
    // What Zapier's checks ask of a description.
    if !description.ends_with('.') {
        description.push('.');
    }
    let mut settings = json!({
        "key": key,
        "event": event,
        "noun": words(event),
        "label": label,
        "description": description,
        "hidden": operation.part.value.get("deprecated") == Some(&Value::Bool(true)),
    });
    if let Some(sample) = sample(operation) {
        settings["sample"] = sample;
    }
    format!(
        "// {}\n\nmodule.exports = require(\"../hook\")({});\n",
        one_line(event),
        pretty(&settings)
    )
}

/// The first example of the payload, if it is an object: what Zapier shows before anything was sent.
fn sample(operation: &Operation<'_>) -> Option<Value> {
    let content = operation.body.as_ref()?.content.first()?.part.value;
    let named = || {
        content
            .get("examples")?
            .as_object()?
            .values()
            .next()?
            .get("value")
    };
    let sample = content.get("example").or_else(named)?;
    sample.is_object().then(|| sample.clone())
}

fn index(keys: &BTreeSet<String>) -> String {
    let line = |key: &String| format!("    {key}: require(\"./triggers/{key}\"),\n");
    let triggers = keys.iter().map(line).collect::<Vec<_>>().concat();
    format!(
        "// A Zapier integration: one trigger for each event.\n\n\
         const {{ authentication, authenticated }} = require(\"./authentication\");\n\n\
         module.exports = {{\n  version: require(\"./package.json\").version,\n  \
         platformVersion: require(\"./package.json\").dependencies[\"zapier-platform-core\"],\n  authentication,\n  \
         beforeRequest: [authenticated],\n  triggers: {{\n{triggers}  }},\n}};\n"
    )
}

fn package(title: &str) -> String {
    let name: String = key_of(title).replace('_', "-");
    let package = json!({
        "name": format!("zapier-{name}"),
        "version": "1.0.0",
        "description": one_line(title),
        "private": true,
        "main": "index.js",
        "dependencies": { "zapier-platform-core": PLATFORM },
    });
    pretty(&package) + "\n"
}

fn readme(title: &str) -> String {
    format!(
        "# {} in Zapier\n\n`npm install`, then `zapier register` and `zapier push`. Written by `webhooks export zapier`; it is \
         yours to edit:\nthe address and the authentication are in `api.js` and `authentication.js`.\n",
        one_line(title)
    )
}

/// The header that authenticates a request, and what stands before the key in it: of the first scheme that the document
/// knows, otherwise a bearer token.
fn credentials(document: &Value) -> (String, String) {
    let schemes = document.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    for (_, scheme) in schemes {
        let text = |name: &str| scheme.get(name).and_then(Value::as_str);
        match (text("type"), text("in"), text("name")) {
            (Some("http"), ..)
                if text("scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer")) =>
            {
                break;
            }
            (Some("apiKey"), Some("header"), Some(name)) if !name.starts_with("webhook-") => {
                return (name.to_owned(), String::new());
            }
            _ => {}
        }
    }
    ("Authorization".to_owned(), "Bearer ".to_owned())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A key that no other trigger has.
fn unused_key(event: &str, taken: &BTreeSet<String>) -> String {
    let key = key_of(event);
    let numbered = (2..).map(|number| format!("{key}_{number}"));
    let mut candidates = std::iter::once(key.clone()).chain(numbered);
    candidates
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or(key)
}

/// Letters, digits and underscores, a letter first: what Zapier takes as a key.
fn key_of(text: &str) -> String {
    let mut key = String::new();
    for letter in text.chars() {
        let letter = letter.to_ascii_lowercase();
        if letter.is_ascii_alphanumeric() {
            key.push(letter);
        } else if !key.ends_with('_') && !key.is_empty() {
            key.push('_');
        }
    }
    let key = key.trim_end_matches('_');
    if key.starts_with(|first: char| first.is_ascii_alphabetic()) {
        key.to_owned()
    } else {
        format!("event_{key}").trim_end_matches('_').to_owned()
    }
}

/// `payment.created` is `Payment Created`.
fn words(event: &str) -> String {
    let words = event.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_zapier_takes_and_no_two_are_the_same() {
        assert_eq!(key_of("payment.created"), "payment_created");
        assert_eq!(key_of("2fa..on!"), "event_2fa_on");
        assert_eq!(key_of("支払い"), "event");
        let taken = BTreeSet::from(["a_b".to_owned(), "a_b_2".to_owned()]);
        assert_eq!(unused_key("a-b", &taken), "a_b_3");
        assert_eq!(words("payment.card_declined"), "Payment Card Declined");
    }

    #[test]
    fn the_address_is_that_of_the_document_unless_one_is_given() {
        let document = json!({
            "servers": [{ "url": "https://api.acme.test/v1/" }],
            "paths": { "/webhooks/hooks": { "post": { "operationId": "webhooks_post_hooks" } } },
        });
        let found = Address::of(None, &document);
        assert_eq!(
            found,
            Ok(Address("https://api.acme.test/v1/webhooks".into()))
        );
        let given = Address::of(Some("http://localhost:8000/w/"), &document);
        assert_eq!(given, Ok(Address("http://localhost:8000/w".into())));
        for (given, document) in [
            (None, json!({})),
            (Some("/webhooks"), document),
            (Some("https://a b"), json!({})),
        ] {
            assert!(Address::of(given, &document).is_err(), "{given:?}");
        }
    }
}
