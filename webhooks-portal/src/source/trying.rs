//! What customers try: a test of their own, a target before it is saved, a log that goes on by itself.

use axum::response::Response;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Call, Operations, TestSent, segment};
use crate::foreign::Foreign;

/// The request of an attempt, made once more.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rebuilt {
    pub(crate) method: Foreign,
    pub(crate) url: Foreign,
    pub(crate) headers: Vec<RebuiltHeader>,
    pub(crate) is_certain: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RebuiltHeader {
    pub(crate) name: Foreign,
    /// Missing where it is a credential.
    pub(crate) value: Option<Foreign>,
}

#[derive(Deserialize)]
struct Target {
    #[expect(dead_code, reason = "that there is one is what counts")]
    target: Foreign,
}

impl Operations {
    pub(crate) async fn request_of(&self, attempt: &str) -> Answer<Rebuilt> {
        self.get(&format!("/attempts/{}/request", segment(attempt)))
            .await
    }

    /// The test event, or an example of an event with this payload.
    pub(crate) async fn test(&self, id: &str, example: Option<(&str, &Value)>) -> Answer<TestSent> {
        let body = example.map(|(event, payload)| json!({ "event": event, "payload": payload }));
        self.post(&format!("/subscriptions/{}/test", segment(id)), body)
            .await
    }

    /// Whether a target would be accepted.
    pub(crate) async fn check_target(&self, target: &str) -> Answer<()> {
        let body = json!({ "target": target });
        let _: Target = self.post("/targets/check", Some(body)).await?;
        Ok(())
    }

    /// What happens from now on, as server-sent events.
    pub(crate) async fn live(&self) -> Answer<Response> {
        self.answer(Call::new(Method::GET, "/live")).await
    }
}
