//! Lists, read page by page while they are asked for more.

use std::collections::VecDeque;
use std::fmt;

use serde::de::DeserializeOwned;

use super::Client;
use super::call::{Pairs, read};
use super::error::ClientError;
use super::transport::Transport;
use crate::pages::List;

/// A list, read page by page.
///
/// What is added or removed meanwhile is missing or there, but no item comes twice and none is left out that stays.
#[must_use = "nothing is read before it is asked for an item"]
pub struct Listing<V, T = super::Https> {
    client: Client<T>,
    path: Vec<String>,
    query: Pairs,
    /// Whether pages are bare arrays, whose next cursor is in a header.
    is_bare: bool,
    read: VecDeque<V>,
    cursor: Option<String>,
    is_over: bool,
}

impl<T: Transport> Client<T> {
    pub(super) fn list<V: DeserializeOwned>(&self, path: &[&str], query: Pairs) -> Listing<V, T> {
        Listing {
            client: self.clone(),
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query,
            is_bare: false,
            read: VecDeque::new(),
            cursor: None,
            is_over: false,
        }
    }
}

impl<V: DeserializeOwned, T: Transport> Listing<V, T> {
    pub(super) fn bare(mut self) -> Self {
        self.is_bare = true;
        self
    }

    /// How many items a page has: 1 to 250, 50 by default.
    pub fn limit(mut self, items: u32) -> Self {
        self.query.retain(|(name, _)| *name != "limit");
        self.query.push(("limit", items.to_string()));
        self
    }

    /// Goes on where another listing with the same filters [was](Self::cursor).
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Where the next page begins; none before the first one was read, and behind the last one.
    ///
    /// Items that [`next`](Self::next) has not given yet stand before it, and who goes on from here skips them: take a cursor
    /// where [`page`](Self::page) reads the list, whole page by whole page.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The next item; none behind the last one. After an error the same page is asked for again.
    ///
    /// # Errors
    ///
    /// When a page is refused, or does not come.
    pub async fn next(&mut self) -> Result<Option<V>, ClientError> {
        loop {
            if let Some(item) = self.read.pop_front() {
                return Ok(Some(item));
            }
            // With filters a page may be empty although more follow.
            match self.page().await? {
                Some(page) => self.read.extend(page),
                None => return Ok(None),
            }
        }
    }

    /// The next page; none behind the last one. With filters it may be short, or even empty, although more follow. Items of a
    /// page that [`next`](Self::next) has begun are not among it: `next` still gives them.
    ///
    /// # Errors
    ///
    /// When it is refused, or does not come.
    pub async fn page(&mut self) -> Result<Option<Vec<V>>, ClientError> {
        if self.is_over {
            return Ok(None);
        }
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let mut call = self.client.get(&path).query(&self.query);
        if let Some(cursor) = &self.cursor {
            call = call.query(&[("cursor", cursor.clone())]);
        }
        let (head, body) = call.answered().await?;
        let (data, next) = if self.is_bare {
            let link = head.headers.get(http::header::LINK);
            (
                read(&body)?,
                link.and_then(|link| linked(link.to_str().ok()?)),
            )
        } else {
            let List { data, next } = read(&body)?;
            (data, next)
        };
        self.is_over = next.is_none();
        self.cursor = next;
        Ok(Some(data))
    }

    /// All items that are left, at most so many.
    ///
    /// # Errors
    ///
    /// When a page is refused, or does not come.
    pub async fn all(mut self, most: usize) -> Result<Vec<V>, ClientError> {
        let mut items = Vec::new();
        while items.len() < most {
            match self.next().await? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        Ok(items)
    }
}

/// The cursor of `<?limit=2&cursor=s.2>; rel="next"`.
fn linked(link: &str) -> Option<String> {
    let (target, _) = link.strip_prefix("<?")?.split_once(">; rel=\"next\"")?;
    let pairs: Vec<(String, String)> = serde_html_form::from_str(target).ok()?;
    let cursor = pairs.into_iter().find(|(name, _)| name == "cursor");
    cursor.map(|(_, value)| value)
}

impl<V, T> fmt::Debug for Listing<V, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("path", &self.path)
            .field("query", &self.query)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}
