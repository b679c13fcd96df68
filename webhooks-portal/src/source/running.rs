//! What the API says to those who run the service, and what they can do.

use http::Method;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Answer, At, Call, List, Operations, Pairs, SubscriptionState};
use crate::fields::query;
use crate::foreign::Foreign;

/// What one owner has.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OwnerTotals {
    pub(crate) owner: Foreign,
    pub(crate) subscriptions: u32,
    pub(crate) inactive: u32,
    pub(crate) waiting: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Processes {
    pub(crate) processes: Vec<Process>,
    pub(crate) free_slots: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Process {
    pub(crate) name: Foreign,
    pub(crate) slots: u32,
    pub(crate) capacity: u32,
    pub(crate) is_alive: bool,
    pub(crate) is_answering: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SealingKey {
    pub(crate) id: Foreign,
    pub(crate) subscriptions: u32,
    pub(crate) is_newest: bool,
    pub(crate) is_known: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StaticReport {
    pub(crate) is_compared: bool,
    pub(crate) subscriptions: Vec<StaticState>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StaticState {
    pub(crate) key: Foreign,
    pub(crate) id: Option<Foreign>,
    pub(crate) owner: Foreign,
    pub(crate) target: Foreign,
    pub(crate) state: Option<SubscriptionState>,
    pub(crate) drift: Vec<Foreign>,
}

/// How long things are kept, in seconds.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Retention {
    #[serde(rename = "messages_seconds")]
    pub(crate) messages: u64,
    #[serde(rename = "payloads_seconds")]
    pub(crate) payloads: u64,
    #[serde(rename = "attempts_seconds")]
    pub(crate) attempts: u64,
    #[serde(rename = "responses_seconds")]
    pub(crate) responses: u64,
    #[serde(rename = "audit_seconds")]
    pub(crate) audit: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Pause {
    pub(crate) since: At,
    pub(crate) actor: Option<Foreign>,
}

#[derive(Deserialize)]
struct PauseAnswer {
    pause: Option<Pause>,
}

impl Operations {
    pub(crate) async fn owners(&self, pairs: Pairs<'_>) -> Answer<List<OwnerTotals>> {
        self.get(&format!("/owners{}", query(pairs))).await
    }

    pub(crate) async fn processes(&self) -> Answer<Processes> {
        self.get("/processes").await
    }

    pub(crate) async fn sealing_keys(&self) -> Answer<Vec<SealingKey>> {
        let list: List<SealingKey> = self.get("/sealing-keys").await?;
        Ok(list.data)
    }

    pub(crate) async fn static_subscriptions(&self) -> Answer<StaticReport> {
        self.get("/static-subscriptions").await
    }

    pub(crate) async fn retention(&self) -> Answer<Retention> {
        self.get("/retention").await
    }

    /// Since when all deliveries are held back, if they are.
    pub(crate) async fn pause_of_all(&self) -> Answer<Option<Pause>> {
        let paused: PauseAnswer = self.get("/pause").await?;
        Ok(paused.pause)
    }

    pub(crate) async fn pause_all(&self) -> Answer<()> {
        let _: IgnoredAny = self.post("/pause", None).await?;
        Ok(())
    }

    pub(crate) async fn resume_all(&self) -> Answer<()> {
        let _: IgnoredAny = self.call(Call::new(Method::DELETE, "/pause")).await?;
        Ok(())
    }
}
