//! Whether the document says what the requests are: signed, or not.
//!
//! Receivers believe the document. One that says nothing of signatures leads them to accept whatever comes.

use webhooks_core::Catalogue;

use crate::dialect::Dialect;

/// What is untrue about a catalogue whose messages go out in this dialect, and what to write instead.
pub(crate) fn signing_mismatch(catalogue: &Catalogue, dialect: &Dialect) -> Option<String> {
    let says_nothing = catalogue.iter().any(|entry| entry.security().is_none());
    let name = dialect.name();
    match (dialect.is_signed(), catalogue.signed()) {
        (true, None) if says_nothing => Some(format!(
            "requests are signed (dialect `{name}`), and the document of the catalogue says they are not; say so where it \
             is made: `Webhooks::new().collected().signed(dialect.security(envelope)).build()`"
        )),
        (false, Some(_)) => Some(format!(
            "the document of the catalogue says that requests are signed, and the dialect `{name}` signs nothing; leave \
             `signed` out, or send in a dialect that signs"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use webhooks_core::{Descriptor, Envelope, Security, Webhooks};

    use super::*;

    static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    static OPEN: Descriptor = Descriptor::post("open")
        .payload::<u32>()
        .security(&[Security::scheme("token")]);

    fn catalogue(webhooks: Webhooks) -> Catalogue {
        webhooks.build().unwrap()
    }

    #[test]
    fn a_document_that_hides_the_signature_is_told_with_what_to_write() {
        let text = signing_mismatch(
            &catalogue(Webhooks::new().with(&PING)),
            &Dialect::standard_webhooks(),
        )
        .unwrap();
        assert!(
            text.contains("`standard-webhooks`") && text.contains(".signed("),
            "{text}"
        );
    }

    #[test]
    fn a_document_that_promises_a_signature_that_nobody_makes_is_told() {
        let signed = Dialect::standard_webhooks().security(Envelope::Bare);
        let catalogue = catalogue(Webhooks::new().with(&PING).signed(signed));
        assert!(
            signing_mismatch(&catalogue, &Dialect::rest_hooks())
                .unwrap()
                .contains("`rest-hooks`")
        );
    }

    #[test]
    fn a_true_document_is_no_matter_for_the_log() {
        for dialect in [
            Dialect::standard_webhooks(),
            Dialect::rest_hooks(),
            Dialect::rest_hooks_signed(),
        ] {
            let said = catalogue(
                Webhooks::new()
                    .with(&PING)
                    .signed(dialect.security(Envelope::Bare)),
            );
            assert_eq!(signing_mismatch(&said, &dialect), None, "{dialect:?}");
            assert_eq!(
                signing_mismatch(&catalogue(Webhooks::new()), &dialect),
                None,
                "nothing is said of no webhooks"
            );
        }
        let own = catalogue(Webhooks::new().with(&OPEN));
        assert_eq!(
            signing_mismatch(&own, &Dialect::standard_webhooks()),
            None,
            "it says something of its own"
        );
    }
}
