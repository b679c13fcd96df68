//! One route answering: who asks, whether the form is ours, then the page.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use webhooks_api::{Ability, Access, Authorize};

use crate::cookie::{Cookie, Cookies};
use crate::fields::Fields;
use crate::form_token::FormKey;
use crate::language::Language;
use crate::reply::Reply;
use crate::response::respond;
use crate::route::Route;
use crate::session::Session;
use crate::site::Site;
use crate::source::Problem;
use crate::visit::Visit;
use crate::way::{way_in, way_up};

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
            let visitor = match known_visitor(&self.site, self.route, &parts).await {
                Some(visitor) => visitor,
                None => match self.access.authorize(&mut parts, &state).await {
                    Ok(access) if access.owner_name().is_none() && !self.site.shows_payloads => {
                        Visitor::Application(access.without(Ability::Payload))
                    }
                    Ok(access) => Visitor::Application(access),
                    // The way to the application's own login.
                    Err(response) if response.status().is_redirection() => return response,
                    Err(response) => Visitor::Refused(Refusal::of(&response)),
                },
            };
            answer(self.site, self.route, visitor, parts, body).await
        })
    }
}

/// Who asks.
enum Visitor {
    /// Someone with a link, and what it would open; nothing where it opens nothing.
    Guest(Option<Session>),
    /// Someone with a session.
    Session(Session),
    /// Someone whom the application knows.
    Application(Access),
    Refused(Refusal),
}

/// What the application refuses a visitor with.
struct Refusal {
    status: StatusCode,
    challenge: Option<HeaderValue>,
}

impl Refusal {
    fn of(response: &Response) -> Self {
        Self {
            status: response.status(),
            challenge: response.headers().get(header::WWW_AUTHENTICATE).cloned(),
        }
    }
}

impl Visitor {
    fn access(&self) -> Access {
        match self {
            Self::Session(session) => session.access(),
            Self::Application(access) => access.clone(),
            // The owner of nothing, who may do nothing.
            Self::Guest(_) | Self::Refused(_) => Access::owner(""),
        }
    }

    /// Whom a form is shown to: another visitor at the same browser cannot send it.
    fn name(&self) -> String {
        match self {
            Self::Guest(_) | Self::Refused(_) => "guest".to_owned(),
            Self::Session(session) => format!("session {}", session.id),
            Self::Application(access) => match access.owner_name() {
                Some(owner) => format!("owner {owner}"),
                None => "operator".to_owned(),
            },
        }
    }

    fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Guest(offered) => offered.as_ref(),
            Self::Application(_) | Self::Refused(_) => None,
        }
    }

    fn is_guest(&self) -> bool {
        matches!(self, Self::Guest(_) | Self::Refused(_))
    }
}

/// A visitor with a link or a session; nothing for one whom the application has to know.
async fn known_visitor(site: &Site, route: Option<&Route>, parts: &Parts) -> Option<Visitor> {
    let sessions = site.sessions.as_ref()?;
    if route.is_some_and(Route::is_for_guests) {
        let code = parts.uri.path().rsplit('/').next().unwrap_or_default();
        return Some(Visitor::Guest(sessions.offered(code).await.ok().flatten()));
    }
    let cookies = Cookies::of(&parts.headers, false);
    let token = cookies.read(Cookie::Session, &parts.headers)?;
    let session = sessions.session(token).await.ok()??;
    Some(Visitor::Session(session))
}

/// What is the same for every state and every function that says who asks.
async fn answer(
    site: Arc<Site>,
    route: Option<&'static Route>,
    visitor: Visitor,
    mut parts: Parts,
    body: Body,
) -> Response {
    let frames = visitor
        .session()
        .map(|session| &session.content.frame_ancestors);
    let is_embedded =
        !site.frame_ancestors.is_empty() || frames.is_some_and(|origins| !origins.is_empty());
    let cookies = Cookies::of(&parts.headers, is_embedded);
    let known = cookies
        .read(Cookie::Form, &parts.headers)
        .and_then(FormKey::of_cookie);
    let is_new = known.is_none();
    let Some(key) = known.or_else(FormKey::random) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let name = visitor.name();
    let mut visit = visit(site, route, &visitor, &mut parts).await;
    visit.form_token = key.token(&name).unwrap_or_default();
    let outcome = match (&visitor, route) {
        (Visitor::Refused(refusal), _) => Err(Problem::new(refusal.status, "", "")),
        (_, None) => Err(Problem::not_found()),
        (_, Some(route)) => {
            run(
                &mut visit,
                route,
                &Form {
                    key: &key,
                    visitor: &name,
                },
                &parts,
                body,
            )
            .await
        }
    };
    let mut response = respond(&visit, cookies, outcome);
    let headers = response.headers_mut();
    if let Visitor::Refused(Refusal {
        challenge: Some(challenge),
        ..
    }) = visitor
    {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if is_new && let Some(cookie) = cookies.set(Cookie::Form, key.cookie(), None) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

async fn visit(
    site: Arc<Site>,
    route: Option<&'static Route>,
    visitor: &Visitor,
    parts: &mut Parts,
) -> Visit {
    let path = path(parts).await;
    let query = Fields::read(parts.uri.query().unwrap_or_default().as_bytes());
    let wish = parts.headers.get(header::ACCEPT_LANGUAGE);
    let wish = wish
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Visit {
        language: site.language.unwrap_or_else(|| Language::of_browser(wish)),
        root: match route {
            Some(route) if route.is_entrance() => way_in(parts),
            Some(route) => route.root(),
            None => way_up(parts),
        },
        path,
        query: query.unwrap_or_default(),
        form: Fields::default(),
        form_token: String::new(),
        now: site.now(),
        access: visitor.access(),
        session: visitor.session().cloned(),
        is_guest: visitor.is_guest(),
        site,
    }
}

/// What a form is held against.
struct Form<'f> {
    key: &'f FormKey,
    visitor: &'f str,
}

async fn path(parts: &mut Parts) -> Vec<(String, String)> {
    // What is not UTF-8 is the id of nothing.
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    path.map(|path| path.iter().map(owned).collect())
        .unwrap_or_default()
}

async fn run(
    visit: &mut Visit,
    route: &Route,
    form: &Form<'_>,
    parts: &Parts,
    body: Body,
) -> Result<Reply, Problem> {
    if route.method == Method::POST {
        visit.form = form.read(visit, route, parts, body).await?;
    }
    (route.run)(visit).await
}

impl Form<'_> {
    /// The form, when it comes from a page of ours, of this visitor, for the first time.
    async fn read(
        &self,
        visit: &Visit,
        route: &Route,
        parts: &Parts,
        body: Body,
    ) -> Result<Fields, Problem> {
        let refused = || Problem::new(StatusCode::FORBIDDEN, "form-expired", "");
        // Browsers say where a form comes from (Fetch Metadata); the token holds where they do not.
        let origin = parts.headers.get("sec-fetch-site");
        if origin.is_some_and(|site| site != "same-origin") {
            return Err(refused());
        }
        let bytes = read(body).await?;
        let form = Fields::read(&bytes).ok_or_else(refused)?;
        let token = form.get("token").unwrap_or_default();
        if !self.key.is_own(token, self.visitor) {
            return Err(refused());
        }
        let is_first = || visit.site.sent_forms.is_first(token, parts.uri.path());
        if !route.is_harmless() && !is_first() {
            return Err(Problem::new(StatusCode::CONFLICT, "sent-before", ""));
        }
        Ok(form)
    }
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
