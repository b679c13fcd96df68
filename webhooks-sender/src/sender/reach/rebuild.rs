//! The request of a past attempt, made once more: with the time of the attempt, and what is stored now. And whether a target
//! would be accepted.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use webhooks_store::Database;

use super::Reach;
use crate::dialect::{Wire, add_sequence_number};
use crate::error::{Error, StateError};
use crate::model::{AttemptId, RebuiltHeader, RebuiltRequest};

impl<D: Database> Reach<'_, D> {
    pub(crate) fn check_target(&self, target: &str) -> Result<String, Error> {
        let checked = self.context.recipients.policy.check(target)?;
        Ok(checked.as_str().to_owned())
    }

    pub(crate) async fn rebuilt_request(&self, id: &AttemptId) -> Result<RebuiltRequest, Error> {
        let attempt = self.attempt(id).await?;
        let delivery = self.delivery(&attempt.delivery).await?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let row = tx
            .subscription(self.scope()?, &attempt.subscription)
            .await?;
        let message = tx.messages_by_id([delivery.message.key()]).await?.pop();
        let message = message.ok_or(Error::NotFound)?;
        let numbers = tx.sequence_numbers(&[delivery.id.key()]).await?;
        let body = message.body.clone().ok_or(StateError::PayloadRemoved)?;
        let stored = &row.subscription;
        let secrets = row.secrets(&tables.vault)?;
        let recipients = &self.context.recipients;
        let recipient =
            recipients.recipient(&stored.target, &stored.settings, &secrets, attempt.at)?;
        let event = message.bare.then_some(message.event.as_str());
        let wire = message.wire(&Arc::new(Wire::usual()))?;
        let request = recipient.request(
            &message.id,
            event,
            &wire,
            &Bytes::from(body),
            attempt.at,
            None,
        );
        let mut request = request.map_err(|_| Error::NotFound)?;
        if let Some(number) = numbers.get(&delivery.id.key()) {
            add_sequence_number(&mut request, *number);
        }
        let own: HashSet<String> = stored
            .settings
            .headers
            .iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        let headers = request.headers().iter().map(|(name, value)| RebuiltHeader {
            value: value
                .to_str()
                .ok()
                .filter(|_| *name != AUTHORIZATION && !own.contains(name.as_str()))
                .map(str::to_owned),
            name: name.to_string(),
        });
        Ok(RebuiltRequest {
            method: request.method().to_string(),
            url: request.uri().to_string(),
            headers: headers.collect(),
            is_certain: stored.changed <= attempt.at,
        })
    }
}
