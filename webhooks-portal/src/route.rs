//! The table of pages: method, path, and the function behind it. Routes and tests are made from it.

use std::pin::Pin;

use http::Method;

use crate::pages::{
    activity, change, deliveries, delivery, entrance, events, metrics, overview, owners, removal,
    replay, retry, secret, service, subscription, subscriptions, switching, test_event,
};
use crate::reply::Reply;
use crate::source::Problem;
use crate::visit::Visit;

/// What a page does.
type Run =
    for<'v> fn(&'v Visit) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send + 'v>>;

/// One page or form.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) run: Run,
}

impl Route {
    /// Whether it is the portal's own address.
    pub(crate) fn is_entrance(&self) -> bool {
        self.path == "/"
    }

    /// Whether it is there for those who come with a link, and have no access yet.
    pub(crate) fn is_for_guests(&self) -> bool {
        self.path.starts_with("/open")
    }

    /// Whether its form changes nothing, so that it can be sent as often as one likes.
    pub(crate) fn is_harmless(&self) -> bool {
        self.path == "/subscriptions/check"
    }

    /// The way up to the portal's root, from a page of this path.
    pub(crate) fn root(&self) -> String {
        let depth = self.path.matches('/').count() - 1;
        if depth == 0 {
            "./".to_owned()
        } else {
            "../".repeat(depth)
        }
    }
}

macro_rules! routes {
    ($($method:ident $path:literal $file:ident :: $name:ident;)*) => {
        pub(crate) static ROUTES: &[Route] = &[$(
            Route { method: Method::$method, path: $path, run: |visit| Box::pin($file::$name(visit)) },
        )*];
    };
}

routes! {
    GET "/" overview::enter;
    GET "/open/{code}" entrance::ask;
    POST "/open" entrance::open;
    POST "/leave" entrance::leave;
    GET "/overview" overview::show;
    GET "/find" overview::find_one;
    GET "/subscriptions" subscriptions::list;
    GET "/subscriptions/new" change::ask_new;
    POST "/subscriptions/new" change::create;
    POST "/subscriptions/check" change::check;
    GET "/subscriptions/{id}" subscription::show;
    GET "/subscriptions/{id}/edit" change::ask;
    POST "/subscriptions/{id}/edit" change::change;
    POST "/subscriptions/{id}/pause" switching::pause;
    POST "/subscriptions/{id}/resume" switching::resume;
    GET "/subscriptions/{id}/test" test_event::ask;
    POST "/subscriptions/{id}/test" test_event::send;
    GET "/subscriptions/{id}/rotate" secret::ask;
    POST "/subscriptions/{id}/rotate" secret::rotate;
    GET "/subscriptions/{id}/replay" replay::ask;
    POST "/subscriptions/{id}/replay" replay::start;
    POST "/subscriptions/{id}/replay/count" replay::count;
    GET "/subscriptions/{id}/remove" removal::ask;
    POST "/subscriptions/{id}/remove" removal::remove;
    GET "/deliveries" deliveries::list;
    GET "/deliveries/live" deliveries::live;
    GET "/deliveries/retry" retry::ask;
    POST "/deliveries/retry" retry::start;
    POST "/deliveries/retry/count" retry::count;
    GET "/deliveries/{id}" delivery::show;
    GET "/deliveries/{id}/payload" delivery::payload;
    POST "/deliveries/{id}/retry" delivery::retry;
    POST "/deliveries/{id}/cancel" delivery::cancel;
    GET "/messages/{id}" delivery::of_message;
    GET "/activity" activity::list;
    GET "/jobs/{id}" activity::job;
    POST "/jobs/{id}/cancel" activity::cancel;
    GET "/metrics" metrics::show;
    GET "/owners" owners::list;
    GET "/service" service::show;
    GET "/service/pause" service::ask_pause;
    POST "/service/pause" service::pause;
    POST "/service/resume" service::resume;
    GET "/events" events::list;
    GET "/events/{name}" events::show;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_up_has_as_many_steps_as_the_path_has_folders() {
        let root = |path| {
            let route = ROUTES.iter().find(|route| route.path == path);
            route.expect("a route").root()
        };
        assert_eq!(root("/subscriptions"), "./");
        assert_eq!(root("/subscriptions/{id}"), "../");
        assert_eq!(root("/subscriptions/{id}/edit"), "../../");
    }
}
