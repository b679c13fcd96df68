//! The request of a past attempt, made once more: with the time of the attempt, and what is stored now. And whether a target
//! would be accepted.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use webhooks_store::Database;

use super::Reach;
use crate::change_log::BELIEVED;
use crate::context::Context;
use crate::dialect::{Recipient, Wire, add_sequence_number};
use crate::error::{Error, StateError};
use crate::model::{AttemptId, RebuiltHeader, RebuiltRequest};
use crate::tables::{MessageContent, SubscriptionRow};

impl<D: Database> Reach<'_, D> {
    pub(crate) fn check_target(&self, target: &str) -> Result<String, Error> {
        let checked = self.context.recipients.policy.check(target)?;
        Ok(checked.as_str().to_owned())
    }

    pub(crate) async fn rebuilt_request(&self, id: &AttemptId) -> Result<RebuiltRequest, Error> {
        let attempt = self.attempt(id).await?;
        if attempt.subscription.is_polled() {
            // Its message was fetched: there was no request.
            return Err(Error::NotFound);
        }
        let delivery = self.delivery(&attempt.delivery).await?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let scope = self.scope()?;
        let row = tx.subscription(scope, &attempt.subscription).await?;
        let message = tx.messages_by_id(scope, [delivery.message.key()], true);
        let message = message.await?.pop();
        let message = message.ok_or(Error::NotFound)?.content;
        let numbers = tx.sequence_numbers(&[delivery.id.key()]).await?;
        let body = message.body.clone().ok_or(StateError::PayloadRemoved)?;
        let secrets = row.secrets(&tables.vault)?;
        let stored = &row.subscription;
        let recipients = &self.context.recipients;
        let recipient =
            recipients.recipient(&stored.target, &stored.settings, &secrets, attempt.at)?;
        let mut request = request(&recipient, &message, &body.into(), attempt.at)?;
        if let Some(number) = numbers.get(&delivery.id.key()) {
            add_sequence_number(&mut request, *number);
        }
        Ok(RebuiltRequest {
            method: request.method().to_string(),
            url: request.uri().to_string(),
            headers: shown_headers(self.context, &row, &request)?,
            // Another process may have sent by what it had read before the change.
            is_certain: stored.revision == 1 || stored.changed + BELIEVED <= attempt.at,
        })
    }
}

/// The request of a message to a recipient, as an attempt at this time makes it, but for the number in a sequence.
pub(super) fn request(
    recipient: &Recipient,
    message: &MessageContent,
    body: &Bytes,
    at: SystemTime,
) -> Result<Request<Bytes>, Error> {
    let wire = message.wire(&Arc::new(Wire::usual()))?;
    let event = message.bare.then_some(message.event.as_str());
    let request = recipient.request(&message.id, event, &wire, body, at, None);
    request.map_err(|_| {
        let id = &message.id;
        Error::Corrupt(format!("the request parameters of the message {id}"))
    })
}

/// The headers as they are shown: without the values that a customer has given, and without what proves the sender by itself.
fn shown_headers<D: Database>(
    context: &Context<D>,
    row: &SubscriptionRow,
    request: &Request<Bytes>,
) -> Result<Vec<RebuiltHeader>, Error> {
    let settings = &row.subscription.settings;
    let dialect = context.recipients.dialect(settings.dialect.as_deref())?;
    let own = settings.headers.iter().map(|(name, _)| name.as_str());
    let own: HashSet<String> = own
        .chain(dialect.credentials())
        .map(str::to_lowercase)
        .collect();
    let headers = request.headers().iter().map(|(name, value)| RebuiltHeader {
        value: value
            .to_str()
            .ok()
            .filter(|_| *name != AUTHORIZATION && !own.contains(name.as_str()))
            .map(str::to_owned),
        name: name.to_string(),
    });
    Ok(headers.collect())
}
