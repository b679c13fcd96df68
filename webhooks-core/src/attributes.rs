//! The attributes that declare webhooks, with their documentation.
//!
//! It is here and not at the macros, because its examples need this crate.

#[doc = include_str!("../docs/whpost.md")]
pub use webhooks_macros::whpost;

#[doc = include_str!("../docs/whroute.md")]
pub use webhooks_macros::whroute;

#[doc = include_str!("../docs/class-based-views.md")]
pub use webhooks_macros::whview;

/// Declares a webhook that is sent with GET; it carries no payload.
///
/// ```
/// use webhooks_core::{Method, whget};
///
/// /// Asks whether the receiver is there.
/// #[whget("system.probed")]
/// async fn probed(#[query] round: u32);
///
/// let message = probed(3);
/// assert_eq!(message.method(), Method::Get);
/// assert_eq!(message.query().collect::<Vec<_>>(), [("round", "3")]);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments), apart from those about a payload.
pub use webhooks_macros::whget;

/// Declares a webhook that is sent with PUT.
///
/// ```
/// use webhooks_core::{Method, whput};
///
/// #[whput("name.replaced")]
/// async fn name_replaced(data: String);
///
/// assert_eq!(name_replaced("lamp".to_owned()).method(), Method::Put);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments).
pub use webhooks_macros::whput;

/// Declares a webhook that is sent with PATCH.
///
/// ```
/// use webhooks_core::{Method, whpatch};
///
/// #[whpatch("name.changed")]
/// async fn name_changed(data: String);
///
/// assert_eq!(name_changed("lamp".to_owned()).method(), Method::Patch);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments).
pub use webhooks_macros::whpatch;

/// Declares a webhook that is sent with DELETE; it may carry a payload.
///
/// ```
/// use webhooks_core::{Method, whdelete};
///
/// #[whdelete("account.closed")]
/// async fn account_closed(#[query] id: u64);
///
/// assert_eq!(account_closed(7).method(), Method::Delete);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments).
pub use webhooks_macros::whdelete;

/// Declares a webhook that is sent with HEAD; it carries no payload.
///
/// ```
/// use webhooks_core::{Method, whead};
///
/// #[whead("system.touched")]
/// async fn touched();
///
/// assert_eq!(touched().method(), Method::Head);
/// ```
///
/// [`whhead`](macro@crate::whhead) is the same. The arguments are those of [`whpost`](macro@crate::whpost#arguments),
/// apart from those about a payload.
pub use webhooks_macros::whead;

/// Declares a webhook that is sent with HEAD: another name of [`whead`](macro@crate::whead).
///
/// ```
/// use webhooks_core::{Method, whhead};
///
/// #[whhead("system.touched")]
/// async fn touched();
///
/// assert_eq!(touched().method(), Method::Head);
/// ```
pub use webhooks_macros::whhead;

/// Declares a webhook that is sent with OPTIONS; it carries no payload.
///
/// ```
/// use webhooks_core::{Method, whoptions};
///
/// #[whoptions("system.asked")]
/// async fn asked();
///
/// assert_eq!(asked().method(), Method::Options);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments), apart from those about a payload.
pub use webhooks_macros::whoptions;

/// Declares a webhook that is sent with TRACE; it carries no payload.
///
/// ```
/// use webhooks_core::{Method, whtrace};
///
/// #[whtrace("system.traced")]
/// async fn traced();
///
/// assert_eq!(traced().method(), Method::Trace);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments), apart from those about a payload.
pub use webhooks_macros::whtrace;

/// Declares a webhook that is sent with QUERY, a safe request with a body; it may carry a payload.
///
/// OpenAPI knows the method from 3.2 on, so a document with such a webhook needs
/// [`OpenApi::version`](crate::OpenApi::version).
///
/// ```
/// use webhooks_core::{Method, whquery};
///
/// #[whquery("stock.asked")]
/// async fn stock_asked(data: String);
///
/// assert_eq!(stock_asked("lamp".to_owned()).method(), Method::Query);
/// ```
///
/// The arguments are those of [`whpost`](macro@crate::whpost#arguments).
pub use webhooks_macros::whquery;
