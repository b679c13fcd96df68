//! Whether a subscription can work: everything that an attempt needs is built once, when it is made or changed.

use std::time::SystemTime;

use webhooks_core::{Envelope, EventPattern};

use super::Subscribing;
use super::patterns::reduced;
use super::suggest::suggestion;
use crate::error::Error;
use crate::guard::TargetError;
use crate::model::{Owner, POLL, Settings, Subscription};
use crate::notices;
use crate::observe::SUBSCRIPTION;
use crate::tables::StoredSecret;

/// The most secrets that a request is signed with.
pub(super) const MAX_SECRETS: usize = 10;
/// The largest settings, as JSON.
const MAX_SETTINGS: usize = 64 * 1024;

/// What is stored of a subscription that can work.
pub(super) struct CheckedSubscription {
    /// The patterns that count.
    pub(super) patterns: Vec<String>,
    /// The target in its normal form: what is shown is what is dialled.
    pub(super) target: String,
}

impl Subscribing<'_> {
    /// Checks everything.
    pub(super) fn check(
        self,
        owner: &str,
        target: &str,
        settings: &Settings,
        secrets: &[StoredSecret],
        now: SystemTime,
    ) -> Result<CheckedSubscription, Error> {
        if !Owner::is_valid(owner) {
            return Err(Error::Owner);
        }
        let catalogue = &self.publishing.catalogue;
        let names = || catalogue.iter().map(|entry| entry.name().as_str());
        let patterns = reduced(&settings.events, |pattern| {
            names().any(|name| pattern.matches(name))
        })?;
        let size = serde_json::to_string(settings).map_or(0, |json| json.len());
        if size > MAX_SETTINGS {
            return Err(Error::Subscription(format!(
                "labels, metadata and headers together exceed {MAX_SETTINGS} bytes"
            )));
        }
        if settings.concurrency == Some(0) || settings.rate_limit == Some(0) {
            return Err(Error::Subscription(
                "a limit of zero would never send; pause it instead".to_owned(),
            ));
        }
        if secrets.len() > MAX_SECRETS {
            return Err(Error::Subscription(format!(
                "it has more than {MAX_SECRETS} secrets; wait until old ones end"
            )));
        }
        if settings.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::Subscription(
                "its `expires_at` is over already".to_owned(),
            ));
        }
        self.check_verification(settings, secrets)?;
        self.can_be_told_apart(settings, &patterns)?;
        let target = self
            .normal_target(target)
            .inspect_err(|&refused| log_refusal(refused))?;
        if target == POLL {
            check_polled(settings)?;
        }
        self.recipients.recipient(&target, settings, secrets, now)?;
        Ok(CheckedSubscription { patterns, target })
    }

    /// A target as it is stored: what is fetched has none, and says so.
    pub(super) fn normal_target(self, target: &str) -> Result<String, TargetError> {
        if target == POLL {
            return Ok(POLL.to_owned());
        }
        Ok(self.recipients.policy.check(target)?.as_str().to_owned())
    }

    /// The sender's own choice of how a target proves that it wants the messages, where the request says none.
    pub(super) fn ask_for_proof(self, wanted: &mut Subscription) {
        if wanted.target != POLL {
            let own = self.recipients.verification;
            wanted.settings.verification = wanted.settings.verification.or(own);
        }
    }

    /// Each event must be one that the owner can receive, each pattern must match one: a typing error would otherwise
    /// show only days later, as messages that do not come. What is `known` is not looked at again. A process without a
    /// catalogue knows no events and checks none.
    pub(super) fn check_events(
        self,
        owner: &str,
        events: &[String],
        known: &[String],
    ) -> Result<(), Error> {
        let publishing = self.publishing;
        if publishing.catalogue.is_empty() {
            return Ok(());
        }
        let mut receivable = Vec::new();
        for entry in publishing.catalogue.iter() {
            let event = entry.name().as_str();
            // A rule that panics is asked again at each send, and fails that.
            if notices::may_receive(publishing, owner, event).unwrap_or(true) {
                receivable.push(event);
            }
        }
        for pattern in events.iter().filter(|event| !known.contains(event)) {
            let matched = EventPattern::of_provider(pattern);
            if pattern != "*" && !receivable.iter().any(|event| matched.matches(event)) {
                return Err(Error::UnknownPattern {
                    suggestion: suggestion(pattern, &receivable),
                    pattern: pattern.clone(),
                });
            }
        }
        Ok(())
    }

    /// Two bare events to one target in a dialect that names neither: the receiver could not tell which is which.
    fn can_be_told_apart(self, settings: &Settings, patterns: &[String]) -> Result<(), Error> {
        let dialect = self.recipients.dialect(settings.dialect.as_deref())?;
        if dialect.names_the_event() {
            return Ok(());
        }
        let patterns: Vec<EventPattern> = patterns
            .iter()
            .map(|pattern| EventPattern::of_provider(pattern))
            .collect();
        let wanted = self.publishing.catalogue.iter().filter(|entry| {
            let event = entry.name().as_str();
            entry.envelope() == Envelope::Bare
                && patterns.iter().any(|pattern| pattern.matches(event))
        });
        if wanted.count() > 1 {
            return Err(Error::Subscription(format!(
                "the dialect `{}` names the event nowhere but in the target, and the subscription wants several events \
                 without an envelope; make one subscription per event, each with its own target",
                dialect.name()
            )));
        }
        Ok(())
    }
}

/// What is about requests means nothing where none is made.
fn check_polled(settings: &Settings) -> Result<(), Error> {
    let of_requests = [
        ("verification", settings.verification.is_some()),
        ("authentication", settings.authentication.is_some()),
        ("client_certificate", settings.client_certificate.is_some()),
        ("headers", !settings.headers.is_empty()),
        ("rate_limit", settings.rate_limit.is_some()),
        ("concurrency", settings.concurrency.is_some()),
        ("sequence_numbers", settings.sequence_numbers),
    ];
    match of_requests.iter().find(|(_, is_there)| *is_there) {
        Some((name, _)) => Err(Error::Subscription(format!(
            "its messages are fetched, and no requests are made; leave `{name}` out"
        ))),
        None => Ok(()),
    }
}

/// The error itself may reach the customer who named the target, so it says nothing about settings: the log does.
fn log_refusal(refused: TargetError) {
    let reason = refused.to_string();
    tracing::info!(
        target: SUBSCRIPTION,
        reason,
        "a target was refused; what `SenderBuilder::targets` allows is accepted, in development \
         `TargetPolicy::development()`"
    );
}
