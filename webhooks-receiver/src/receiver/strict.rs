//! Warnings of handlers whose event is probably another one.

use webhooks_core::{Catalogue, Webhooks};

use crate::endpoint::Endpoint;
use crate::similar_names::meant;

/// Writes a warning for each handler whose event is similar to a known one and not known itself. `documented` are names of
/// the provider, one a line.
pub(super) fn warn_of_slips<S>(endpoint: &Endpoint<S>, documented: &str) {
    // Declarations that contradict one another are the error of the application that builds their catalogue.
    let declared = Webhooks::collect().ok();
    let declared = declared.iter().flat_map(Catalogue::iter);
    let known: Vec<&str> = documented
        .lines()
        .chain(declared.map(|entry| entry.name().as_str()))
        .collect();
    for handled in endpoint.routes.events() {
        if let Some(meant) = meant(&handled, &known) {
            tracing::warn!(
                receiver = endpoint.name,
                "the handler of `{handled}` is probably meant for `{meant}`: the first is neither declared in this program nor \
                 documented by the provider"
            );
        }
    }
}
