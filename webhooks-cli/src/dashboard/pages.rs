//! The routes: the way in, and the operator's pages behind it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router, middleware};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use webhooks_api::{Ability, Access};
use webhooks_portal::{Brand, Portal};
use webhooks_sender::Sender;
use webhooks_sender::database::Database;

use super::door::Door;
use super::hosts::Host;
use super::settings::Settings;
use super::{entrance, guard};

/// Everything that is answered.
pub(super) fn router<D: Database>(
    sender: &Sender<D>,
    settings: &Settings,
    door: &Arc<Door>,
) -> Router {
    let access = access(settings);
    let mut portal = Portal::new(sender, move || {
        let access = access.clone();
        async move { Ok::<_, StatusCode>(access) }
    })
    .brand(Brand::new(settings.database.name()));
    if settings.shows_payloads {
        portal = portal.show_payloads();
    }
    let session = middleware::from_fn_with_state(Arc::clone(door), guard::session);
    let pages = Router::new()
        .route("/enter/{code}", get(ask))
        .route("/enter", post(enter))
        .with_state(Arc::clone(door))
        .merge(portal.at("/").layer(session));
    let hosts: Arc<[Host]> = settings.hosts.clone().into();
    let hosts = middleware::from_fn_with_state(hosts, guard::host);
    let prefix = middleware::from_fn_with_state(settings.prefix.clone(), guard::prefix);
    Router::new()
        .fallback_service(pages)
        .layer(prefix)
        .layer(hosts)
}

/// What the person at the terminal may do. Test events are of the application's catalogue, and secrets are shown to
/// customers alone.
fn access(settings: &Settings) -> Access {
    let mut abilities = vec![Ability::View];
    if settings.shows_payloads {
        abilities.push(Ability::Payload);
    }
    if settings.writes {
        abilities.extend([Ability::Change, Ability::Replay]);
    }
    Access::operator().allow(abilities).actor(&settings.actor)
}

async fn ask(State(door): State<Arc<Door>>, Path(code): Path<String>) -> Response {
    if door.would_open(&code) {
        // It is the one that was printed, digits and letters alone.
        entrance::ask(&code)
    } else {
        entrance::over("../")
    }
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

async fn enter(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    Form(Code { code }): Form<Code>,
) -> Response {
    match door.open(&code, &headers) {
        Some(cookie) => {
            let to = [(header::LOCATION, "overview")];
            let mut response = (StatusCode::SEE_OTHER, to).into_response();
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        None => entrance::over("./"),
    }
}
