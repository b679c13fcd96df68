//! Webhooks of every shape that can be declared, and a message of each.

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{
    Envelope, Message, Method, Webhooks, whdelete, whget, whpatch, whpost, whput, whroute,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct Parcel {
    id: u64,
    note: Option<String>,
}

#[whpost("parcel.posted")]
async fn posted(data: Parcel);

#[whput("parcel.weighed")]
async fn weighed(data: Vec<u32>);

#[whpatch("parcel.renamed")]
async fn renamed(data: String);

#[whdelete("parcel.lost")]
async fn lost(data: Parcel);

#[whget("parcel.offered")]
async fn offered(#[query] colour: String);

#[whpost("parcel.pinged")]
async fn pinged();

#[whroute("parcel.counted", methods = ["PUT", "PATCH", "GET"])]
async fn counted(
    data: Option<Parcel>,
    #[header("X-Tenant")] tenant: String,
    #[query] every: Option<u32>,
);

#[whroute("parcel.tracked", methods = ["POST", "PUT"])]
async fn parcel_tracked(
    data: Parcel,
    #[header("X-Tenant")] tenant: String,
    #[query] page: u32,
    #[cookie] session: String,
    #[header("X-Urgent")] urgent: Option<bool>,
);

#[whpost("parcel.labelled", content_type = "application/vnd.parcel+json")]
async fn labelled(data: Parcel);

#[whpost("parcel.filled-in", content_type = "application/x-www-form-urlencoded")]
async fn filled_in(data: Parcel);

#[whpost("parcel.listed", content_type = "text/csv")]
async fn listed(data: String);

/// All of them; only JSON goes into an envelope.
pub(super) fn all(envelope: Envelope) -> Webhooks {
    let webhooks = Webhooks::new()
        .with(posted)
        .with(weighed)
        .with(renamed)
        .with(lost)
        .with(offered)
        .with(pinged)
        .with(counted)
        .with(parcel_tracked)
        .with(labelled);
    if envelope == Envelope::Bare {
        webhooks.with(filled_in).with(listed)
    } else {
        webhooks
    }
}

fn parcel(note: Option<&str>) -> Parcel {
    Parcel {
        id: 7,
        note: note.map(str::to_owned),
    }
}

/// A message with everything that a request can carry.
pub(super) fn tracked() -> Message {
    parcel_tracked(
        parcel(None),
        "acct_1".to_owned(),
        3,
        "s1".to_owned(),
        Some(true),
    )
    .into()
}

/// A message of each, and of each method of those that have several.
pub(super) fn messages(envelope: Envelope) -> Vec<Message> {
    let mut messages: Vec<Message> = vec![
        posted(parcel(Some("Grüße"))).into(),
        posted(parcel(None)).into(),
        weighed(vec![1, 2]).into(),
        renamed("Grüße".to_owned()).into(),
        lost(parcel(None)).into(),
        offered("red".to_owned()).into(),
        pinged().into(),
        counted(Some(parcel(None)), "acct_1".to_owned(), Some(2)).into(),
        counted(Some(parcel(None)), "acct_1".to_owned(), None)
            .with_method(Method::Patch)
            .into(),
        counted(None, "acct_1".to_owned(), None).into(),
        counted(None, "acct_1".to_owned(), None)
            .with_method(Method::Get)
            .into(),
        counted(Some(parcel(None)), "acct_1".to_owned(), None)
            .with_method(Method::Get)
            .into(),
        tracked(),
        parcel_tracked(parcel(None), "a b".to_owned(), 3, "s1".to_owned(), None)
            .with_method(Method::Put)
            .into(),
        labelled(parcel(None)).into(),
    ];
    if envelope == Envelope::Bare {
        messages.push(filled_in(parcel(Some("a b&c=ü"))).into());
        messages.push(listed("a;b\n1;2\n".to_owned()).into());
    }
    messages
}
