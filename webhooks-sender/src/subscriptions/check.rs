//! Whether a subscription can work: everything that an attempt needs is built once, when it is made or changed.

use std::time::SystemTime;

use webhooks_core::{Envelope, EventPattern};
use webhooks_signature::Secret;
use webhooks_store::{Database, to_ms};

use super::patterns::reduced;
use crate::dialect::Recipient;
use crate::error::Error;
use crate::guard::TargetError;
use crate::model::{Owner, Settings};
use crate::shared::Shared;
use crate::vault::Held;

/// The most secrets that a request is signed with.
pub(crate) const MOST_SECRETS: usize = 10;
/// The largest settings, as JSON.
const LARGEST: usize = 64 * 1024;

/// What is stored of a subscription that can work.
pub(crate) struct Checked {
    /// The patterns that count.
    pub(crate) patterns: Vec<String>,
    /// The target in its normal form: what is shown is what is dialled.
    pub(crate) target: String,
}

/// Checks everything.
pub(crate) fn check<D: Database>(
    shared: &Shared<D>,
    owner: &str,
    target: &str,
    settings: &Settings,
    secrets: &[Held],
) -> Result<Checked, Error> {
    if !Owner::is_valid(owner) {
        return Err(Error::Owner);
    }
    let patterns = reduced(&settings.events)?;
    let size = serde_json::to_string(settings).map_or(0, |json| json.len());
    if size > LARGEST {
        return Err(Error::Subscription(format!(
            "labels, metadata and headers together exceed {LARGEST} bytes"
        )));
    }
    if settings.concurrency == Some(0) || settings.rate_limit == Some(0) {
        return Err(Error::Subscription(
            "a limit of zero would never send; pause it instead".to_owned(),
        ));
    }
    if secrets.len() > MOST_SECRETS {
        return Err(Error::Subscription(format!(
            "it has more than {MOST_SECRETS} secrets; wait until old ones end"
        )));
    }
    told_apart(shared, settings, &patterns)?;
    let target = shared
        .policy
        .check(target)
        .inspect_err(|&refused| tell_the_developer(refused))?;
    let target = target.as_str().to_owned();
    recipient(shared, &target, settings, secrets, shared.now())?;
    Ok(Checked { patterns, target })
}

/// The error itself may reach whoever named the target, and tells nothing about settings.
fn tell_the_developer(refused: TargetError) {
    let reason = refused.to_string();
    tracing::info!(
        reason,
        "a target was refused; what `SenderBuilder::targets` allows is accepted, in development \
         `TargetPolicy::development()`"
    );
}

/// What requests are made with: the target, the headers, the signers of the secrets that still count.
pub(crate) fn recipient<D: Database>(
    shared: &Shared<D>,
    target: &str,
    settings: &Settings,
    secrets: &[Held],
    now: SystemTime,
) -> Result<Recipient, Error> {
    let dialect = shared.dialect(settings.dialect.as_deref())?;
    let counting = secrets
        .iter()
        .filter(|held| held.until_ms.is_none_or(|until| until > to_ms(now)));
    let secrets: Vec<Secret> = counting.map(|held| held.secret.clone()).collect();
    let method = settings.method.clone();
    Ok(Recipient::new(
        dialect,
        &shared.policy,
        target,
        &settings.headers,
        method,
        &secrets,
    )?)
}

/// Two bare events to one target in a dialect that names neither: the receiver could not tell which is which.
fn told_apart<D: Database>(
    shared: &Shared<D>,
    settings: &Settings,
    patterns: &[String],
) -> Result<(), Error> {
    let dialect = shared.dialect(settings.dialect.as_deref())?;
    if dialect.names_the_event() {
        return Ok(());
    }
    let patterns: Vec<EventPattern> = patterns
        .iter()
        .map(|pattern| EventPattern::of_provider(pattern))
        .collect();
    let wanted = shared.catalogue.iter().filter(|entry| {
        let event = entry.name().as_str();
        entry.envelope() == Envelope::Bare && patterns.iter().any(|pattern| pattern.matches(event))
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
