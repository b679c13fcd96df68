//! Warns before a failing subscription is switched off: at half and at four fifths of the rule, once each.

use std::time::SystemTime;

use jiff::Timestamp;
use webhooks_store::{Database, Id};

use crate::context::Context;
use crate::deactivation::FailureWindow;
use crate::error::Error;
use crate::model::{SubscriptionId, Warning};
use crate::notices::{FailingNotice, notify_failing};
use crate::tables::Tx;

/// Warns of a subscription whose window of failures has grown, unless that was done already.
pub(super) async fn warn<D: Database>(
    context: &Context<D>,
    tx: &mut Tx<'_, D>,
    (id, owner): (Id, &str),
    window: FailureWindow,
    known: Option<Warning>,
) -> Result<(), Error> {
    let rule = &context.delivering.rules.deactivation;
    let reached = Warning::at(window.percent(rule, tx.now()));
    let Some(warning) = reached.filter(|warning| known.is_none_or(|known| known < *warning)) else {
        return Ok(());
    };
    if !tx.set_warned(id, warning).await? {
        return Ok(());
    }
    let subscription = SubscriptionId::from_key(id);
    let percent = warning.percent();
    tracing::warn!(
        subscription = subscription.as_str(),
        owner,
        percent,
        failures = window.failures,
        "a subscription will be switched off if it goes on failing"
    );
    let end = window.ends_at(rule).and_then(written);
    let notice = FailingNotice {
        subscription: subscription.to_string(),
        owner: owner.to_owned(),
        percent,
        failures: window.failures,
        earliest_end: end.unwrap_or_default(),
    };
    notify_failing(&context.publishing, tx, &notice).await
}

fn written(time: SystemTime) -> Option<String> {
    Some(format!("{:.3}", Timestamp::try_from(time).ok()?))
}
