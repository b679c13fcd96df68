//! The ends of a request that reaches no handler: what the sender is answered, and what the log gets.

use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use webhooks_signature::Reason;

use super::config::Endpoint;
use crate::log_text::{LogText, SENDER};
use crate::rejection::Rejection;
use crate::report::{Reception, Report};

/// Why a request goes no further.
pub(super) enum Stop {
    /// A handshake or a repeat was answered.
    Answered(Box<Report>),
    /// The client has proved nothing, so the log line is limited by the kind of reason.
    NotAuthenticated(Reason),
    /// Refused before the signature was looked at.
    Unverified(Rejection),
    /// The signature is right: a sender of ours sends something that we refuse.
    Refused {
        rejection: Rejection,
        event: Option<String>,
        id: Option<String>,
    },
    /// Something of our own does not work; it was logged where it happened.
    Unavailable,
}

impl Stop {
    pub(super) fn handshake(response: Response) -> Self {
        Self::Answered(Box::new(Report::only(response, Reception::Handshake)))
    }

    pub(super) fn repeat(answer: impl IntoResponse) -> Self {
        Self::Answered(Box::new(Report::repeat(answer)))
    }
}

impl From<webhooks_signature::Rejection> for Stop {
    fn from(rejection: webhooks_signature::Rejection) -> Self {
        Self::NotAuthenticated(rejection.reason().clone())
    }
}

impl<S> Endpoint<S> {
    pub(super) fn stopped(&self, stop: Stop, now: SystemTime) -> Report {
        match stop {
            Stop::Answered(report) => *report,
            Stop::NotAuthenticated(reason) => self.not_authenticated(&reason, now),
            Stop::Unverified(rejection) => {
                if let Some(left_out) = self.log.unauthenticated.observe(rejection.reason(), now) {
                    tracing::info!(
                        receiver = self.name,
                        status = rejection.status().as_u16(),
                        left_out,
                        "refused before verification: {}",
                        rejection.reason()
                    );
                }
                rejected(rejection)
            }
            Stop::Refused {
                rejection,
                event,
                id,
            } => {
                if let Some(left_out) = self.log.authentic.observe(rejection.reason(), now) {
                    let shown = |text: &Option<String>| {
                        LogText(text.as_deref().unwrap_or_default(), SENDER).to_string()
                    };
                    tracing::warn!(
                        receiver = self.name,
                        status = rejection.status().as_u16(),
                        event = shown(&event),
                        id = shown(&id),
                        left_out,
                        "refused although the signature is right: {}",
                        rejection.reason()
                    );
                }
                rejected(rejection)
            }
            Stop::Unavailable => rejected(Rejection::Unavailable),
        }
    }

    fn not_authenticated(&self, reason: &Reason, now: SystemTime) -> Report {
        let text = reason.to_string();
        // The reasons of one kind differ in their numbers, such as the age of a message.
        let kind: String = text
            .chars()
            .filter(|character| !character.is_ascii_digit())
            .take(200)
            .collect();
        if let Some(left_out) = self.log.unauthenticated.observe(&kind, now) {
            tracing::warn!(
                receiver = self.name,
                left_out,
                "not authenticated: {}",
                LogText(&text, SENDER)
            );
        }
        Report::not_authenticated(self.challenge, reason.clone())
    }
}

fn rejected(rejection: Rejection) -> Report {
    let problem = rejection.reason().to_owned();
    Report::rejected(rejection, problem)
}
