//! One page of a list, with an opaque cursor to the next. All lists use it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most items of a page.
const MAX_LIMIT: u32 = 1000;
/// The items of a page where no number is given.
const DEFAULT_LIMIT: u32 = 50;
/// The longest cursor, in bytes: one that holds the name of an owner.
const MAX_CURSOR: usize = 400;

/// Where a list goes on: a text of letters, digits, `.`, `_` and `-`, to be passed back as it is.
///
/// It says where to go on and nothing else: one of another list is an [error](crate::Error::Cursor), and one that was
/// made up reaches nothing that the call would not reach without it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Cursor(String);

impl Cursor {
    /// A cursor of the list that this letter stands for.
    pub(crate) fn new(list: char, position: impl fmt::Display) -> Self {
        Self(format!("{list}.{position}"))
    }

    /// The position, when the cursor is of this list.
    pub(crate) fn position(&self, list: char) -> Option<&str> {
        self.0.strip_prefix(list)?.strip_prefix('.')
    }

    /// The cursor as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if (1..=MAX_CURSOR).contains(&text.len()) && text.bytes().all(is_ours) {
            return Ok(Self(text.to_owned()));
        }
        Err(CursorError)
    }
}

impl TryFrom<String> for Cursor {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

/// A text that is not a cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorError;

impl fmt::Display for CursorError {
    // The text is not repeated: it came from outside and may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cursor is not one of this list; pass on what a page of it gave as `next`")
    }
}

impl std::error::Error for CursorError {}

/// Which page of a list: how many items, and where it begins. A number alone is the first page with so many items.
///
/// ```
/// use webhooks_sender::query::PageRequest;
///
/// let first = PageRequest::first(50);
/// assert_eq!(PageRequest::default(), first);
/// assert_eq!(PageRequest::from(50), first);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    limit: u32,
    after: Option<Cursor>,
    has_bodies: bool,
}

impl PageRequest {
    /// The first page, with at most this many items: from 1 to 1,000. Zero counts as 1, more than 1,000 as 1,000.
    pub fn first(limit: u32) -> Self {
        Self {
            limit: limit.clamp(1, MAX_LIMIT),
            after: None,
            has_bodies: true,
        }
    }

    /// The page that begins at this cursor.
    pub fn after(mut self, cursor: impl Into<Option<Cursor>>) -> Self {
        self.after = cursor.into();
        self
    }

    /// Without what is large and seldom shown in a list: the bodies of messages, and of answers. They are not even read.
    /// Default: with them.
    ///
    /// ```
    /// # use webhooks_core::{Descriptor, Message, Webhooks};
    /// # use webhooks_sender::{Sender, Subscription};
    /// use webhooks_sender::query::{MessageFilter, PageRequest};
    ///
    /// # static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().webhooks(Webhooks::new().with(&PING).build().unwrap()).start().await?;
    /// # sender.operator().subscribe(Subscription::new("acct_1", "https://example.com/").event("*")).await?;
    /// sender.send("acct_1", Message::untyped(&PING, &12)).await?;
    /// let page = PageRequest::first(10).without_bodies();
    /// let sent = sender.of("acct_1").messages(MessageFilter::new(), page).await?;
    /// assert_eq!(sent.items[0].body, None);
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn without_bodies(mut self) -> Self {
        self.has_bodies = false;
        self
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    pub(crate) fn has_bodies(&self) -> bool {
        self.has_bodies
    }

    /// The position of the cursor in the list that this letter stands for.
    pub(crate) fn position<T: FromStr>(&self, list: char) -> Result<Option<T>, CursorError> {
        let Some(cursor) = &self.after else {
            return Ok(None);
        };
        let position = cursor.position(list).ok_or(CursorError)?;
        position.parse().map(Some).map_err(|_| CursorError)
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(DEFAULT_LIMIT)
    }
}

impl From<u32> for PageRequest {
    fn from(limit: u32) -> Self {
        Self::first(limit)
    }
}

/// Some of many, with the cursor of what follows.
///
/// A filtered page examines a bounded number of rows, so it may be short or even empty although more results follow. It
/// is the last page only if `next` is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; none when there is nothing more.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page whose last item says where the next one begins, if it is full.
    pub(crate) fn new(items: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let is_full = items.len() >= limit as usize;
        let next = items.last().filter(|_| is_full).map(cursor);
        Self { items, next }
    }

    /// A page of nothing, with nothing after it.
    pub(crate) fn empty() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// The same page with other items.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_list_and_an_odd_text_are_refused() {
        let cursor = Cursor::new('m', "17");
        assert_eq!(cursor.to_string().parse(), Ok(cursor.clone()));
        let page = PageRequest::first(1).after(cursor);
        assert_eq!(page.position::<u8>('m'), Ok(Some(17)));
        assert_eq!(page.position::<u8>('s'), Err(CursorError));
        for odd in ["", "a b", "a\n", "ä", &"x".repeat(401)] {
            assert_eq!(odd.parse::<Cursor>(), Err(CursorError), "{odd:?}");
        }
        let odd = PageRequest::first(1).after(Cursor::new('m', "x"));
        assert_eq!(odd.position::<u8>('m'), Err(CursorError));
    }

    #[test]
    fn a_limit_is_from_1_to_1000() {
        for (limit, counts) in [(0, 1), (1, 1), (1000, 1000), (5000, 1000)] {
            assert_eq!(PageRequest::from(limit).limit(), counts);
        }
    }
}
