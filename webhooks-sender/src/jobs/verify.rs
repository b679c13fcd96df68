//! A page of a verification: the target is asked once whether it wants the messages.
//!
//! No transaction is open while it is asked. What it answers counts for the revision of the subscription that was read.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
use serde::{Deserialize, Serialize};
use webhooks_store::Database;

use super::page::{advanced, progress, write};
use crate::client::Answer;
use crate::context::Context;
use crate::dialect::{Recipient, Wire};
use crate::entropy::Entropy;
use crate::error::Error;
use crate::model::{
    JobState, MessageId, Scope, StoredSubscription, SubscriptionState, Verification,
};
use crate::notices::{SubscriptionEvent, notify};
use crate::tables::{BulkJobRow, DeliveryLane, StoredSecret};

/// After how long it is asked again.
const WAITS: [Duration; 4] = [
    Duration::from_secs(5),
    Duration::from_mins(1),
    Duration::from_mins(10),
    Duration::from_hours(1),
];
/// The type of a challenge, by which receivers of Slack's know it too.
const CHALLENGE: &str = "url_verification";

const HOOK_SECRET: HeaderName = HeaderName::from_static("x-hook-secret");
const REQUEST_ORIGIN: HeaderName = HeaderName::from_static("webhook-request-origin");
const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");

/// How often the target was asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Progress {
    asked: usize,
}

pub(super) async fn page<D: Database>(context: &Context<D>, row: &BulkJobRow) -> Result<(), Error> {
    let progress = progress::<Progress>(row)?;
    let tables = &context.tables;
    let mut connection = tables.connection().await?;
    let mut tx = tables.on(&mut connection);
    let stored = tx.subscription(Scope::AllOwners, row.subscription()?).await;
    drop(connection);
    let stored = stored?;
    let secrets = stored.secrets(&tables.vault)?;
    let stored = stored.subscription;
    let is_waiting = stored.state == SubscriptionState::Unverified;
    let Some(verification) = stored.settings.verification.filter(|_| is_waiting) else {
        // It was switched off meanwhile, or by hand on.
        return end(context, row, &stored, None).await;
    };
    let refusal = match ask(context, &stored, &secrets, verification).await {
        Ok(()) => {
            let active = SubscriptionState::Active;
            return end(context, row, &stored, Some((active, None))).await;
        }
        Err(refusal) => refusal,
    };
    let Some(&pause) = WAITS.get(progress.asked) else {
        tracing::info!(
            subscription = stored.id.as_str(),
            owner = stored.owner,
            reason = refusal,
            "a target did not prove that it wants the messages"
        );
        return end(
            context,
            row,
            &stored,
            Some((SubscriptionState::Refused, Some(refusal))),
        )
        .await;
    };
    let next = Progress {
        asked: progress.asked + 1,
    };
    let mut advance = advanced(Some(&next), 0);
    (advance.pause, advance.reason) = (pause, Some(refusal));
    let mut transaction = tables.begin().await?;
    write(&mut tables.on(&mut transaction), row, &advance).await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends the job, and writes the state of the subscription if it is still the one whose target was asked.
async fn end<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    stored: &StoredSubscription,
    state: Option<(SubscriptionState, Option<String>)>,
) -> Result<(), Error> {
    let (tables, id) = (&context.tables, &stored.id);
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let mut advance = advanced::<Progress>(None, usize::from(state.is_some()));
    if let Some((state, refusal)) = state {
        if tx.set_state(id, state, Some(stored.revision)).await? {
            let event = if state.is_active() {
                // What waited for this is looked at by whichever process owns its lane.
                tx.touch(DeliveryLane::new(id.key(), &stored.owner)).await?;
                SubscriptionEvent::Activated
            } else {
                (advance.state, advance.done) = (JobState::Failed, 0);
                advance.reason = refusal;
                SubscriptionEvent::Deactivated(state)
            };
            notify(&context.publishing, &mut tx, &stored.owner, id, event).await?;
        } else {
            // It was changed while its target was asked: the new one is asked.
            advance = advanced(Some(&Progress::default()), 0);
        }
    }
    if write(&mut tx, row, &advance).await? {
        transaction.commit().await?;
        context.changed(id.key());
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}

/// Asks once. The error says why that proves nothing, and can be shown to the customer.
async fn ask<D: Database>(
    context: &Context<D>,
    stored: &StoredSubscription,
    secrets: &[StoredSecret],
    verification: Verification,
) -> Result<(), String> {
    let (recipients, now) = (&context.recipients, context.now());
    let recipient = recipients.recipient(&stored.target, &stored.settings, secrets, now);
    let recipient = recipient.map_err(|error| error.to_string())?;
    let challenge = challenge(&*context.publishing.entropy)?;
    let request = match verification {
        Verification::HookSecret => {
            let secret = secrets.first().map(|newest| newest.secret.expose());
            let secret = secret.and_then(|secret| HeaderValue::from_str(secret).ok());
            let mut request = recipient.question(Method::POST);
            let headers = request.headers_mut();
            headers.insert(
                HOOK_SECRET,
                secret.ok_or("there is no secret to be given back")?,
            );
            request
        }
        Verification::CloudEvents => {
            let origin = recipients.origin.clone();
            let mut request = recipient.question(Method::OPTIONS);
            let headers = request.headers_mut();
            headers.insert(REQUEST_ORIGIN, origin.ok_or("the sender has no origin")?);
            request
        }
        Verification::Challenge => challenge_request(context, &recipient, &challenge)?,
    };
    let sent = request.headers().clone();
    let transport = &*context.delivering.transport;
    let answer = recipient.send(transport, request, now).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if !answer.status.is_success() {
        return Err(format!("the target answered {}", answer.status.as_u16()));
    }
    let gave_back = |header: &HeaderName| answer.headers.get(header) == sent.get(header);
    let is_proof = match verification {
        Verification::HookSecret => gave_back(&HOOK_SECRET),
        Verification::CloudEvents => answer.headers.get(ALLOWED_ORIGIN).is_some_and(|allowed| {
            allowed.as_bytes() == b"*" || Some(allowed) == sent.get(REQUEST_ORIGIN)
        }),
        Verification::Challenge => is_answered(&answer, &challenge),
    };
    is_proof.then_some(()).ok_or_else(|| {
        let lacking = match verification {
            Verification::HookSecret => "the target did not give the header `X-Hook-Secret` back",
            Verification::CloudEvents => {
                "the target did not allow the sender in `WebHook-Allowed-Origin`"
            }
            Verification::Challenge => "the target did not answer the challenge",
        };
        lacking.to_owned()
    })
}

fn challenge(entropy: &dyn Entropy) -> Result<String, String> {
    let mut random = [0; 16];
    entropy
        .fill(&mut random)
        .map_err(|error| error.to_string())?;
    Ok(format!("{:032x}", u128::from_be_bytes(random)))
}

/// A request like that of a message, signed with the subscription's secrets.
fn challenge_request<D: Database>(
    context: &Context<D>,
    recipient: &Recipient,
    challenge: &str,
) -> Result<Request<Bytes>, String> {
    let random = context
        .publishing
        .random()
        .map_err(|error| error.to_string())?;
    let id = MessageId::new(context.now(), random).bound_to(CHALLENGE);
    let body = format!(r#"{{"type":"{CHALLENGE}","challenge":"{challenge}"}}"#);
    let (wire, now) = (Wire::usual(), context.now());
    let request = recipient.request(&id, Some(CHALLENGE), &wire, &body.into(), now, None);
    request.map_err(|error| error.to_string())
}

fn is_answered(answer: &Answer, challenge: &str) -> bool {
    #[derive(Deserialize)]
    struct ChallengeAnswer {
        challenge: String,
    }
    let text = answer.body.trim_ascii();
    let json = serde_json::from_slice::<ChallengeAnswer>(text).ok();
    text == challenge.as_bytes() || json.is_some_and(|given| given.challenge == challenge)
}
