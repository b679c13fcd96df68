//! A receiving route in the application's own OpenAPI document.

use std::fmt::Write as _;

use axum::http::Method;
use webhooks_core::openapi::Operation;

use crate::receiver::Receiver;

impl<S> Receiver<S> {
    /// What the route accepts and answers, for [`OpenApi::path`](webhooks_core::OpenApi::path).
    ///
    /// The body is described where you say its type, with [`Operation::body`].
    ///
    /// ```
    /// use webhooks_core::OpenApi;
    /// use webhooks_receiver::{Provider, Receiver};
    ///
    /// let stripe: Receiver = Receiver::new(Provider::STRIPE)
    ///     .secret("whsec_1")?
    ///     .on_event("charge.succeeded", async || ());
    /// let document = OpenApi::new("Shop", "1.0.0").path("/hooks/stripe", stripe.operation()).to_json()?;
    /// assert!(document.contains("`charge.succeeded`"));
    /// assert!(document.contains("`stripe-signature`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn operation(&self) -> Operation {
        let first = self.endpoint.methods.first().map_or("POST", Method::as_str);
        let method = webhooks_core::Method::ALL
            .into_iter()
            .find(|method| method.as_str() == first);
        let name = &self.endpoint.name;
        // OpenAPI knows no others.
        Operation::new(method.unwrap_or(webhooks_core::Method::Post))
            .summary(format!("Receive webhooks of {name}"))
            .description(self.described())
            .tag("received webhooks")
            .empty_response(200, "The message was handled, now or before.")
            .empty_response(
                self.endpoint.unknown.as_u16(),
                "Nothing here is interested in the event.",
            )
            .empty_response(400, "The body cannot be read or names no event.")
            .empty_response(401, "The request could not be authenticated.")
            .empty_response(413, "The body is too large.")
            .empty_response(422, "The payload is not what is expected.")
            .empty_response(
                500,
                "The message could not be handled; it can be sent again.",
            )
            .empty_response(
                503,
                "The message cannot be handled right now; it can be sent again later.",
            )
    }

    fn described(&self) -> String {
        let mut text = String::new();
        let events = self.endpoint.routes.events();
        if !events.is_empty() {
            let events: Vec<_> = events.iter().map(|event| format!("`{event}`")).collect();
            let _ = write!(text, "Events: {}.", events.join(", "));
        }
        if let Some(scheme) = &self.scheme {
            let headers = scheme
                .signature_headers()
                .chain(scheme.timestamp_headers())
                .chain(scheme.id_headers());
            let headers: Vec<_> = headers.map(|header| format!("`{header}`")).collect();
            let _ = write!(
                text,
                "\n\nRequests are authenticated by {}.",
                headers.join(", ")
            );
        }
        text.trim().to_owned()
    }
}
