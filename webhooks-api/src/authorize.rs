//! How the application says who asks: an async function of its own extractors.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::access::Access;

/// An async function from up to four extractors ([`FromRequestParts`]) to `Result<Access, R>`, where `R` is a response.
///
/// It is asked for each request, before anything else is read. What an extractor or the function refuses is answered as
/// a problem document with the refusal's status.
///
/// ```
/// use axum::http::{HeaderMap, StatusCode};
/// use webhooks_api::{Ability, Access};
///
/// async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
///     let account = headers.get("x-account").and_then(|value| value.to_str().ok());
///     let account = account.ok_or(StatusCode::UNAUTHORIZED)?;
///     Ok(Access::owner(account).allow(Ability::CUSTOMER))
/// }
/// # fn takes<S, A>(_: impl webhooks_api::Authorize<S, A>) {}
/// # takes::<(), _>(access);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say who asks",
    label = "not an async function from extractors to `Result<Access, _>`",
    note = "write `async fn access(session: Session) -> Result<Access, StatusCode>`; each argument is an extractor of \
            request parts, and the error is a response"
)]
pub trait Authorize<S, A>: Clone + Send + Sync + 'static {
    /// The caller's access, or the refusal.
    fn authorize(
        &self,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<Access, Response>> + Send;
}

macro_rules! authorize_with {
    ($($extractor:ident),*) => {
        impl<S, F, O, R, $($extractor),*> Authorize<S, ($($extractor,)*)> for F
        where
            S: Send + Sync,
            F: Fn($($extractor),*) -> O + Clone + Send + Sync + 'static,
            O: Future<Output = Result<Access, R>> + Send,
            R: IntoResponse,
            $($extractor: FromRequestParts<S> + Send,)*
        {
            #[allow(non_snake_case, unused_variables, reason = "one body for every number of extractors")]
            async fn authorize(&self, parts: &mut Parts, state: &S) -> Result<Access, Response> {
                $(
                    let $extractor = $extractor::from_request_parts(parts, state)
                        .await
                        .map_err(IntoResponse::into_response)?;
                )*
                self($($extractor),*).await.map_err(IntoResponse::into_response)
            }
        }
    };
}

authorize_with!();
authorize_with!(A);
authorize_with!(A, B);
authorize_with!(A, B, C);
authorize_with!(A, B, C, D);
