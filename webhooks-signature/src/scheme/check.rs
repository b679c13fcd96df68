//! What makes a scheme unable to work, or unsafe, found before the first request.

use super::Scheme;
use crate::algorithm::{Algorithm, Encoding};
use crate::error::SchemeError;
use crate::field::is_name;
use crate::key::KeyForm;
use crate::template::{Part, Template};
use crate::text::Names;
use crate::timestamp::Source;

impl Scheme {
    /// The parsed template of a scheme that passed every check.
    pub(crate) fn template(&self) -> Result<Template, SchemeError> {
        let template = Template::parse(&self.base)?;
        check_key("key", self.algorithm, &self.key)?;
        self.check_signature()?;
        self.check_alternative()?;
        self.check_base(&template)?;
        self.check_timestamp(&template)?;
        self.check_id(&template)?;
        self.check_url(&template)?;
        match self.required_headers().find(|(name, _)| !is_name(name)) {
            Some((name, _)) => error("require", format!("`{name}` is not a header's name")),
            None => Ok(template),
        }
    }

    fn check_signature(&self) -> Result<(), SchemeError> {
        check_names("sig.headers", &self.signature.headers)?;
        if self.signature.split.is_some_and(|split| !split.is_ascii()) {
            return error("sig.split", "the separator must be one ASCII character");
        }
        self.signature
            .label
            .check("sig.label", self.signature.split)?;
        match (self.algorithm, self.signature.encoding) {
            (Algorithm::Token, _) | (Algorithm::Basic, Encoding::Base64) => Ok(()),
            (Algorithm::Basic, _) => error("sig.enc", "Basic credentials are `base64`"),
            (_, Encoding::Raw) => error("sig.enc", "a signature is bytes; write `hex` or `base64`"),
            _ => Ok(()),
        }
    }

    fn check_alternative(&self) -> Result<(), SchemeError> {
        let Some(alternative) = &self.alternative else {
            return Ok(());
        };
        check_key("alternative.key", alternative.algorithm, &alternative.key)?;
        let field = "alternative.label";
        alternative.label.check(field, self.signature.split)?;
        if self.signature.split.is_none() {
            return error("sig.split", "signatures of two algorithms need a separator");
        }
        if alternative.label.overlaps(&self.signature.label) {
            return error(
                field,
                "both algorithms need a `kv` label with the same separator and different versions",
            );
        }
        let signs = |algorithm: Algorithm| algorithm != Algorithm::Sha256 && !algorithm.is_bearer();
        if !signs(self.algorithm) || !signs(alternative.algorithm) {
            return error(
                "alternative.alg",
                "both algorithms must have keys that sign",
            );
        }
        if self.algorithm.is_asymmetric() == alternative.algorithm.is_asymmetric() {
            return error(
                "alternative.alg",
                "one algorithm has shared secrets and the other key pairs, so that a secret tells which it is for",
            );
        }
        if alternative.encoding == Encoding::Raw {
            return error(
                "alternative.enc",
                "a signature is bytes; write `hex` or `base64`",
            );
        }
        Ok(())
    }

    fn check_base(&self, template: &Template) -> Result<(), SchemeError> {
        if self.algorithm.is_bearer() {
            let empty = self.base.is_empty();
            return if empty {
                Ok(())
            } else {
                error("base", "a token signs nothing; leave it empty")
            };
        }
        if !template.covers_the_request() {
            return error(
                "base",
                "nothing of the request is signed; write at least {body}",
            );
        }
        match (
            self.algorithm == Algorithm::Sha256,
            template.contains(&Part::Secret),
        ) {
            (true, false) => error(
                "base",
                "a plain hash without {secret} can be made by anyone",
            ),
            (false, true) => error(
                "base",
                "{secret} belongs to `sha256`; this algorithm has a key",
            ),
            _ => Ok(()),
        }
    }

    fn check_timestamp(&self, template: &Template) -> Result<(), SchemeError> {
        let Some(timestamp) = &self.timestamp else {
            let used = template.contains(&Part::Timestamp);
            return if used {
                error("ts", "`base` holds {ts}; say where it stands")
            } else {
                Ok(())
            };
        };
        let mut covered = template.contains(&Part::Timestamp);
        match &timestamp.source {
            Source::Header(names) => {
                check_names("ts.src", names)?;
                covered |= names
                    .iter()
                    .all(|name| template.headers().any(|one| one.eq_ignore_ascii_case(name)));
            }
            Source::Field(name) => {
                if name.is_empty() {
                    return error("ts.src", "the field has no name");
                }
                if !self.signature.label.has_fields() {
                    return error("ts.src", "a field needs a `kv` label in `sig.label`");
                }
                if self.signature.label.accepts(name) {
                    return error("ts.src", "the field is already the name of a signature");
                }
                if self.signature.split.is_none() {
                    return error("sig.split", "a header of several fields needs a separator");
                }
            }
            Source::Json(pointer) => {
                if pointer.is_empty() {
                    return error(
                        "ts.src",
                        "the JSON pointer is empty; write it as in `/sent_at`",
                    );
                }
                covered |= template.contains(&Part::Body);
            }
        }
        // A clock that anyone can set protects from nothing.
        if covered {
            Ok(())
        } else {
            error("ts", "the timestamp is not signed; put {ts} into `base`")
        }
    }

    fn check_id(&self, template: &Template) -> Result<(), SchemeError> {
        match (&self.id, template.contains(&Part::Id)) {
            (Some(names), true) => check_names("id", names),
            (Some(_), false) => error("id", "the message id is not signed; put {id} into `base`"),
            (None, true) => error("id", "`base` holds {id}; name the header it stands in"),
            (None, false) => Ok(()),
        }
    }

    fn check_url(&self, template: &Template) -> Result<(), SchemeError> {
        let signed = template.contains(&Part::Url);
        match &self.body_hash {
            Some(name) if name.is_empty() => error("body_hash", "the parameter has no name"),
            Some(_)
                if !signed || !template.contains(&Part::Form) || template.contains(&Part::Body) =>
            {
                error(
                    "body_hash",
                    "the hash stands for a {form} next to a signed {url}; put both into `base`",
                )
            }
            _ if !signed && self.url != crate::url::UrlForm::Exact => {
                error("url", "the URL is not signed; put {url} into `base`")
            }
            _ => Ok(()),
        }
    }
}

fn check_key(field: &'static str, algorithm: Algorithm, form: &KeyForm) -> Result<(), SchemeError> {
    let (fits, forms) = match algorithm {
        Algorithm::HmacSha1 | Algorithm::HmacSha256 | Algorithm::HmacSha512 => (
            matches!(form, KeyForm::Utf8 | KeyForm::Base64 { .. } | KeyForm::Hex),
            "`utf8`, `base64` or `hex`",
        ),
        Algorithm::Ed25519 => (
            matches!(
                form,
                KeyForm::Ed25519 { .. } | KeyForm::Ed25519Hex | KeyForm::SpkiBase64
            ),
            "`ed25519`, `ed25519hex` or `spki-b64`",
        ),
        Algorithm::EcdsaP256Sha256 => (matches!(form, KeyForm::SpkiBase64), "`spki-b64`"),
        Algorithm::Sha256 | Algorithm::Token | Algorithm::Basic => {
            (matches!(form, KeyForm::Utf8), "`utf8`")
        }
    };
    if fits {
        Ok(())
    } else {
        error(field, format!("this algorithm needs {forms}"))
    }
}

fn check_names(field: &'static str, names: &Names) -> Result<(), SchemeError> {
    if names.iter().next().is_none() {
        return error(field, "name at least one header");
    }
    match names.iter().find(|name| !is_name(name)) {
        Some(name) => error(field, format!("`{name}` is not a header's name")),
        None => Ok(()),
    }
}

fn error<T>(field: &'static str, problem: impl Into<String>) -> Result<T, SchemeError> {
    Err(SchemeError::new(field, problem))
}
