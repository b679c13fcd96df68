//! A request as a receiver gets it: signed with a secret that is on the page, and as a `curl` command that sends it.
//!
//! Only for Standard Webhooks, whose signature this crate can make. The secret is public and for tests alone.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::{
    body, constraints, example,
    page_index::{Operation, Webhook},
    schema::text,
    type_uses::TypeUses,
};
use crate::binding::bind;

/// The secret of the samples: Base64 of "this secret is public: test only".
pub(super) const SECRET: &str = "whsec_dGhpcyBzZWNyZXQgaXMgcHVibGljOiB0ZXN0IG9ubHk=";
/// 2026-01-01T00:00:00Z.
const TIMESTAMP: &str = "1767225600";
const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
const URL: &str = "http://localhost:8000/webhooks";

/// The headers that Standard Webhooks signs, and the signature (specification, "Webhook headers").
pub(super) const SIGNED: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// One request for an event.
pub(super) struct Sample {
    method: String,
    id: String,
    body: String,
    /// All but those of the signature.
    headers: Vec<(String, String)>,
}

impl Sample {
    /// A request for this event, if its payload is one that can be written down.
    pub(super) fn of<'a>(
        uses: &mut TypeUses<'a>,
        webhook: &Webhook<'a>,
        operation: &Operation<'a>,
    ) -> Option<Self> {
        let (media_type, body) = body::written_example(uses, operation)?;
        let mut headers = vec![("content-type".to_owned(), media_type)];
        for parameter in &operation.parameters {
            let name = text(parameter, "name").filter(|_| text(parameter, "in") == Some("header"));
            let Some(name) =
                name.filter(|name| !SIGNED.iter().any(|one| one.eq_ignore_ascii_case(name)))
            else {
                continue;
            };
            if name.eq_ignore_ascii_case("webhook-event") {
                headers.push((name.to_owned(), webhook.name.to_owned()));
            } else if parameter.get("required") == Some(&Value::Bool(true)) {
                let given = parameter.get("example").cloned();
                let made = || Some(example::example(uses.resolver, parameter.get("schema")?).0);
                let value = given.or_else(made).unwrap_or_default();
                headers.push((name.to_owned(), one_line(&constraints::brief(&value))));
            }
        }
        // Our own receiver asks that the id of a bare payload is bound to its event.
        let id = if operation.has_header("webhook-event") {
            bind(ID, webhook.name)
        } else {
            ID.to_owned()
        };
        Some(Self {
            method: operation
                .methods
                .first()
                .map_or_else(String::new, |method| method.to_uppercase()),
            id,
            body,
            headers,
        })
    }

    /// The request with a fixed time, as a command: the same signature each time.
    pub(super) fn fixed(&self) -> String {
        let mut headers = self.headers.clone();
        headers.push(("webhook-id".to_owned(), self.id.clone()));
        headers.push(("webhook-timestamp".to_owned(), TIMESTAMP.to_owned()));
        headers.push(("webhook-signature".to_owned(), self.signature()));
        let mut command = format!("curl -i -X {} {URL}", self.method);
        for (name, value) in headers {
            // Writing into a string cannot fail.
            let _ = write!(command, " \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
        let _ = write!(command, " \\\n  --data-raw {}", quoted(&self.body));
        command
    }

    /// A script that signs the request when it runs, so that a receiver which checks the time accepts it.
    pub(super) fn fresh(&self) -> String {
        let mut headers = String::new();
        for (name, value) in &self.headers {
            // Writing into a string cannot fail.
            let _ = writeln!(headers, "  -H {} \\", quoted(&format!("{name}: {value}")));
        }
        format!(
            "secret={}\nid={}\ntime=$(date +%s)\nbody={}\n\
             key=$(printf %s \"${{secret#whsec_}}\" | base64 -d | od -An -v -tx1 | tr -d ' \\n')\n\
             signature=$(printf %s \"$id.$time.$body\" |\n  openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | base64)\n\
             curl -i -X {} {URL} \\\n{headers}  -H \"webhook-id: $id\" \\\n  -H \"webhook-timestamp: $time\" \\\n  \
             -H \"webhook-signature: v1,$signature\" \\\n  --data-raw \"$body\"",
            quoted(SECRET),
            quoted(&self.id),
            quoted(&self.body),
            self.method,
        )
    }

    fn signature(&self) -> String {
        sign(SECRET, &format!("{}.{TIMESTAMP}.{}", self.id, self.body))
    }
}

/// The signature of a text, as Standard Webhooks writes it.
fn sign(secret: &str, signed: &str) -> String {
    let key = STANDARD
        .decode(secret.trim_start_matches("whsec_"))
        .unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// An argument of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A header's value has no line breaks.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{SECRET, quoted, sign};

    #[test]
    fn signatures_are_those_of_the_specification() {
        let signed = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        assert_eq!(
            sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signed),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert_ne!(sign(SECRET, signed), sign("", signed));
    }

    #[test]
    fn no_text_leaves_its_quotes_in_a_shell() {
        assert_eq!(quoted("it's $(x)"), "'it'\\''s $(x)'");
    }
}
