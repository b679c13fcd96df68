//! A request that was let in: who asks, and what was sent, read strictly.

mod body;
mod precondition;
mod reach;
mod unique;

use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use webhooks_sender::database::Database;
use webhooks_sender::query::{Cursor, MessageFilter, PageRequest, StatusFilter};
use webhooks_sender::{Account, Operator, Sender};

pub(crate) use body::{merge_patch, pointer};
pub(crate) use precondition::{etag, if_match};
pub(crate) use reach::Reach;

use crate::access::{Ability, Access};
use crate::problem::{Kind, Problem};

/// The most items of a page.
pub(crate) const MAX_ITEMS: u32 = 250;
/// The items of a page where no number is given.
pub(crate) const DEFAULT_ITEMS: u32 = 50;

/// One request to one operation.
pub(crate) struct Call<D: Database> {
    pub(crate) sender: Sender<D>,
    pub(crate) access: Access,
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    /// The parts of the path in braces.
    pub(crate) path: Vec<(String, String)>,
    /// The owner that an operator names.
    pub(crate) owner: Option<String>,
    pub(crate) requires_if_match: bool,
    /// Where browsers find the portal, without a slash at the end.
    pub(crate) portal: Option<Arc<str>>,
}

impl<D: Database> Call<D> {
    /// An id of the path. One that cannot be an id is not found, as one that does not exist.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.text(name)?.parse().map_err(|_| Problem::not_found())
    }

    /// A part of the path.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Problem> {
        let part = self.path.iter().find(|(known, _)| known == name);
        part.map(|(_, value)| value.as_str())
            .ok_or_else(Problem::not_found)
    }

    /// The query: parameters that are not known are refused, since a filter with a typo would find too much.
    pub(crate) fn query<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        query(self.parts.uri.query().unwrap_or_default())
    }

    /// Refuses a change that does not say what it is made from, where the application asks for that.
    pub(crate) fn check_if_match(&self) -> Result<(), Problem> {
        if self.requires_if_match && !self.parts.headers.contains_key(header::IF_MATCH) {
            let detail = "read it first, and send its `ETag` as `If-Match`";
            return Err(Problem::new(Kind::PreconditionRequired, detail));
        }
        Ok(())
    }

    /// The body as JSON; where nothing was sent, the value without anything said.
    pub(crate) fn maybe_json<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return Ok(T::default());
        }
        self.json()
    }

    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        body::read(&self.parts.headers, &self.body)
    }

    /// Whose things are reached.
    pub(crate) fn reach(&self) -> Reach<D> {
        if let Some(owner) = self.access.owner_name().or(self.owner.as_deref()) {
            return Reach::Account(self.account(owner));
        }
        Reach::Operator(self.operator())
    }

    /// All owners' things, changed by this caller.
    pub(crate) fn operator(&self) -> Operator<D> {
        let operator = self.sender.operator();
        match self.access.actor_name() {
            Some(actor) => operator.by(actor),
            None => operator,
        }
    }

    /// One owner's account, changed by this caller.
    pub(crate) fn account(&self, owner: &str) -> Account<D> {
        let account = self.sender.of(owner);
        match self.access.actor_name() {
            Some(actor) => account.by(actor),
            None => account,
        }
    }
}

/// No parameter but the owner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
}

/// Reads a query string. PostgreSQL takes no NUL in a text, so none is let through to a statement; a cursor reaches none
/// as it is, and has an answer of its own.
pub(crate) fn query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let holds_nul = |pair: &str| pair.contains("%00") && !pair.starts_with("cursor=");
    if text.split('&').any(holds_nul) {
        let detail = "the query holds a NUL (`%00`), which no text here can have";
        return Err(Problem::new(Kind::InvalidQuery, detail));
    }
    serde_html_form::from_str(text).map_err(|error| {
        Problem::new(
            Kind::InvalidQuery,
            format!("the query cannot be read: {error}"),
        )
    })
}

/// The page that `limit` and `cursor` of a query ask for.
pub(crate) fn page(limit: Option<u32>, cursor: Option<&str>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(DEFAULT_ITEMS);
    if !(1..=MAX_ITEMS).contains(&limit) {
        let detail = format!("`limit` is {limit}; it must be from 1 to {MAX_ITEMS}");
        return Err(Problem::new(Kind::InvalidQuery, detail));
    }
    let cursor: Option<Cursor> = cursor.map(str::parse).transpose().map_err(
        |error: webhooks_sender::query::CursorError| {
            Problem::new(Kind::InvalidCursor, error.to_string())
        },
    )?;
    Ok(PageRequest::first(limit).after(cursor))
}

/// The same page; bodies that it does not show are not read.
pub(crate) fn with_bodies(page: PageRequest, are_shown: bool) -> PageRequest {
    if are_shown {
        page
    } else {
        page.without_bodies()
    }
}

/// The messages that a list is about: of these events, sent between two times.
pub(crate) fn message_filter(
    event: Option<String>,
    since: Option<&str>,
    until: Option<&str>,
) -> Result<MessageFilter, Problem> {
    let mut filter = MessageFilter::new();
    if let Some(event) = event {
        filter = filter.event(event);
    }
    if let Some(since) = time("since", since)? {
        filter = filter.since(since);
    }
    if let Some(until) = time("until", until)? {
        filter = filter.until(until);
    }
    Ok(filter)
}

/// A time of a query, in RFC 3339.
pub(crate) fn time(name: &str, text: Option<&str>) -> Result<Option<SystemTime>, Problem> {
    let parsed = text.map(str::parse::<Timestamp>).transpose();
    let wrong = |_| {
        let detail = format!("`{name}` is not a time; write it as in `2026-11-28T12:00:00Z`");
        Problem::new(Kind::InvalidQuery, detail)
    };
    Ok(parsed.map_err(wrong)?.map(SystemTime::from))
}

/// The `Idempotency-Key` of a request.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let key = headers.get("idempotency-key").map(HeaderValue::to_str);
    let wrong = |_| Problem::new(Kind::InvalidHeader, "an `Idempotency-Key` is visible ASCII");
    key.transpose().map_err(wrong)
}

/// Statuses of a query: `503`, `5xx`, `none`.
pub(crate) fn statuses(texts: &[String]) -> Result<Vec<StatusFilter>, Problem> {
    let read = texts.iter().map(|text| text.parse::<StatusFilter>());
    read.collect::<Result<_, _>>()
        .map_err(|error| Problem::new(Kind::InvalidQuery, error.to_string()))
}

/// An id of a query.
pub(crate) fn id<T: FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let wrong = |_| {
        Problem::new(
            Kind::InvalidQuery,
            format!("`{name}` is not an id of this kind"),
        )
    };
    text.map(str::parse::<T>).transpose().map_err(wrong)
}

/// What is shown only on request, `include=payload` say; and only to callers who may read it.
pub(crate) fn includes<D: Database>(
    call: &Call<D>,
    asked: &[String],
    name: &str,
) -> Result<bool, Problem> {
    if let Some(other) = asked.iter().find(|other| *other != name) {
        let detail = format!("`include` knows `{name}`, and not `{}`", visible(other));
        return Err(Problem::new(Kind::InvalidQuery, detail));
    }
    if !asked.is_empty() && !call.access.allows(Ability::Payload) {
        let detail = format!("`include={name}` takes the ability `payload`");
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    Ok(!asked.is_empty())
}

/// A caller's text in an answer: short, and of letters that a terminal shows.
fn visible(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_control());
    letters.take(40).collect()
}

/// `name=value` of a query.
pub(crate) fn label(text: &str) -> Result<(&str, &str), Problem> {
    text.split_once('=').ok_or_else(|| {
        let detail = "a `label` has the form `name=value`, its equals sign written as `%3D`";
        Problem::new(Kind::InvalidQuery, detail)
    })
}

/// A value as JSON, with status 200. What is read of webhooks is for the caller alone.
pub(crate) fn json<T: Serialize>(value: &T) -> Response {
    answer(StatusCode::OK, value)
}

/// A value as JSON.
pub(crate) fn answer<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let mut response =
                (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
            let no_store = HeaderValue::from_static("no-store");
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, no_store);
            response
        }
        // A time beyond what RFC 3339 can say.
        Err(error) => {
            tracing::error!(%error, "the webhooks API cannot write an answer");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
