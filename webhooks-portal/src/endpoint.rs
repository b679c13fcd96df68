//! One route answering: who asks, whether the form is ours, then the page.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, OriginalUri, RawPathParams, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use webhooks_api::{Access, Authorize};

use crate::cookie::Cookies;
use crate::fields::Fields;
use crate::form_token::FormKey;
use crate::language::Language;
use crate::pages::problem;
use crate::parts::frame;
use crate::reply::{Page, Reply};
use crate::route::Route;
use crate::site::Site;
use crate::source::Problem;
use crate::visit::Visit;

/// The largest form, in bytes.
const FORM_LIMIT: usize = 64 * 1024;

/// One route, with what it needs to answer.
pub(crate) struct Endpoint<F, A> {
    site: Arc<Site>,
    access: F,
    /// Nothing for a path that is not one of the portal.
    route: Option<&'static Route>,
    arguments: std::marker::PhantomData<fn() -> A>,
}

impl<F, A> Endpoint<F, A> {
    pub(crate) fn new(site: Arc<Site>, access: F, route: &'static Route) -> Self {
        Self {
            site,
            access,
            route: Some(route),
            arguments: std::marker::PhantomData,
        }
    }
}

impl<F: Clone, A> Clone for Endpoint<F, A> {
    fn clone(&self) -> Self {
        Self {
            site: Arc::clone(&self.site),
            access: self.access.clone(),
            route: self.route,
            arguments: std::marker::PhantomData,
        }
    }
}

/// What answers every path that is not one of the portal.
pub(crate) fn no_such_page<S, F, A>(site: &Arc<Site>, access: &F) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    F: Authorize<S, A>,
    A: 'static,
{
    any(Endpoint {
        site: Arc::clone(site),
        access: access.clone(),
        route: None,
        arguments: std::marker::PhantomData,
    })
}

/// The way to the portal's root from its own address, which may lack the slash at its end: then a relative way has to name
/// the last part. A proxy that gave it another name says so.
fn way_in(parts: &Parts) -> String {
    let prefix = parts
        .headers
        .get("x-forwarded-prefix")
        .and_then(|prefix| prefix.to_str().ok());
    let original = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |OriginalUri(uri)| uri);
    let path = prefix.map_or(original.path(), |prefix| prefix.trim_end_matches('/'));
    match path.rsplit('/').next().unwrap_or_default() {
        "" => "./".to_owned(),
        last => format!("./{last}/"),
    }
}

fn see(way: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(way) = HeaderValue::from_str(way) {
        response.headers_mut().insert(header::LOCATION, way);
    }
    response
}

impl<F, S, A> Handler<(S, A), S> for Endpoint<F, A>
where
    F: Authorize<S, A>,
    S: Clone + Send + Sync + 'static,
    A: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let access = self.access.authorize(&mut parts, &state).await;
            answer(self.site, self.route, access, parts, body).await
        })
    }
}

/// What is the same for every state and every function that says who asks.
async fn answer(
    site: Arc<Site>,
    route: Option<&'static Route>,
    access: Result<Access, Response>,
    mut parts: Parts,
    body: Body,
) -> Response {
    let (access, refusal) = match access {
        Ok(access) => (access, None),
        // The way to the application's own login.
        Err(response) if response.status().is_redirection() => return response,
        Err(response) => (Access::owner(""), Some(response)),
    };
    let cookies = Cookies::of(&parts.headers, !site.frame_ancestors.is_empty());
    let known = cookies.read(&parts.headers).and_then(FormKey::of_cookie);
    let is_new = known.is_none();
    let Some(key) = known.or_else(FormKey::random) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let path = path(&mut parts).await;
    let query = Fields::read(parts.uri.query().unwrap_or_default().as_bytes());
    let language = parts
        .headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let mut visit = Visit {
        language: site
            .language
            .unwrap_or_else(|| Language::of_browser(language.unwrap_or_default())),
        root: match route {
            Some(route) if route.is_entrance() => way_in(&parts),
            Some(route) => route.root(),
            None => way_up(&parts),
        },
        path,
        query: query.unwrap_or_default(),
        form: Fields::default(),
        form_token: key.token(&visitor(&access)).unwrap_or_default(),
        now: site.now(),
        access,
        site,
    };
    let outcome = match (&refusal, route) {
        (Some(response), _) => Err(Problem::new(response.status(), "", "")),
        (None, None) => Err(Problem::not_found()),
        (None, Some(route)) => run(&mut visit, route, &key, &parts, body).await,
    };
    let mut response = respond(&visit, outcome);
    if let Some(challenge) =
        refusal.and_then(|response| response.headers().get(header::WWW_AUTHENTICATE).cloned())
    {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    if is_new && let Some(cookie) = cookies.set(key.cookie()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whom a form is shown to: another visitor at the same browser cannot send it.
fn visitor(access: &Access) -> String {
    match access.owner_name() {
        Some(owner) => format!("owner {owner}"),
        None => "operator".to_owned(),
    }
}

async fn path(parts: &mut Parts) -> Vec<(String, String)> {
    // What is not UTF-8 is the id of nothing.
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    path.map(|path| path.iter().map(owned).collect())
        .unwrap_or_default()
}

/// The way up from a path that is not one of the portal.
fn way_up(parts: &Parts) -> String {
    let depth = parts
        .uri
        .path()
        .trim_start_matches('/')
        .matches('/')
        .count();
    if depth == 0 {
        "./".to_owned()
    } else {
        "../".repeat(depth)
    }
}

async fn run(
    visit: &mut Visit,
    route: &Route,
    key: &FormKey,
    parts: &Parts,
    body: Body,
) -> Result<Reply, Problem> {
    if route.method == Method::POST {
        visit.form = form(visit, key, parts, body).await?;
    }
    (route.run)(visit).await
}

/// The form, when it comes from a page of ours, of this visitor, for the first time.
async fn form(visit: &Visit, key: &FormKey, parts: &Parts, body: Body) -> Result<Fields, Problem> {
    let refused = || Problem::new(StatusCode::FORBIDDEN, "form-expired", "");
    // Browsers say where a form comes from (Fetch Metadata); the token holds where they do not.
    if parts
        .headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin")
    {
        return Err(refused());
    }
    let bytes = read(body).await?;
    let form = Fields::read(&bytes).ok_or_else(refused)?;
    let token = form.get("token").unwrap_or_default();
    if !key.is_own(token, &visitor(&visit.access)) {
        return Err(refused());
    }
    if !visit.site.sent_forms.is_first(token, parts.uri.path()) {
        return Err(Problem::new(StatusCode::CONFLICT, "sent-before", ""));
    }
    Ok(form)
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    match Limited::new(body, FORM_LIMIT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", ""))
        }
        Err(_) => Err(Problem::new(StatusCode::BAD_REQUEST, "", "")),
    }
}

fn respond(visit: &Visit, outcome: Result<Reply, Problem>) -> Response {
    match outcome {
        Ok(Reply::Page(page)) => html(visit, &page),
        Ok(Reply::See(path)) => see(&visit.link(&path)),
        Ok(Reply::File { name, bytes }) => file(&name, bytes),
        Err(problem) => html(visit, &problem::page(visit, &problem)),
    }
}

/// What the page may do: read its own style sheet and script, send its own forms, and nothing else.
fn html(visit: &Visit, page: &Page) -> Response {
    let ancestors = match visit.site.frame_ancestors.as_slice() {
        [] => "'none'".to_owned(),
        origins => origins.join(" "),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    let mut response = (page.status, frame(visit, page)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Bytes that a browser keeps and never shows.
fn file(name: &str, bytes: Vec<u8>) -> Response {
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-".contains(*letter);
    let name: String = name.chars().filter(is_plain).collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
