//! Code hosting and issue trackers.

use super::description::Provider;
use crate::handshake::Plain;
use crate::source::{EventSource, MessageIdSource, MessageShape};
use webhooks_signature::Scheme;

/// # Code hosting and issue trackers
impl Provider {
    /// GitHub: event and action, `issues.opened`, or the event alone, `push`; the payload is the whole body, also
    /// where the webhook is set to send forms. Bodies have up to 25 MB.
    ///
    /// Only the body is signed: the header with the event and the delivery id are not.
    pub const GITHUB: Self = Self::new("github", Scheme::GITHUB)
        .event_name(EventSource::header("x-github-event").join("/action"))
        .message_id(MessageIdSource::header("x-github-delivery"))
        .form_field("payload")
        .known_events(include_str!("events/github.txt"))
        .body_limit(25 << 20);

    /// GitLab with a secret token: `Push Hook`; the payload is the whole body. Nothing is signed. All system hooks have
    /// one name; see [`GITLAB_SYSTEM`](Self::GITLAB_SYSTEM).
    pub const GITLAB: Self = Self::new("gitlab", Scheme::GITLAB_TOKEN)
        .event_name(EventSource::header("x-gitlab-event"))
        .known_events(include_str!("events/gitlab.txt"))
        .message_id(MessageIdSource::header("idempotency-key"));

    /// GitLab's system hooks with a secret token: `project_create`, `push`, `merge_request`; the payload is the whole
    /// body. The header says `System Hook` for all of them, so the name is that in the body: `event_name`, else
    /// `event_type`, else `object_kind`. Nothing is signed.
    pub const GITLAB_SYSTEM: Self = Self::new("gitlab", Scheme::GITLAB_TOKEN)
        .event_name(EventSource::json("/event_name"))
        .other_shapes(&[
            MessageShape::new(EventSource::json("/event_type")),
            MessageShape::new(EventSource::json("/object_kind")),
        ])
        .message_id(MessageIdSource::header("idempotency-key"));

    /// GitLab with a signing token: `Push Hook`; the payload is the whole body. Body and id are signed.
    pub const GITLAB_SIGNED: Self = Self::new("gitlab", Scheme::GITLAB_SIGNED)
        .event_name(EventSource::header("x-gitlab-event"))
        .known_events(include_str!("events/gitlab.txt"));

    /// Bitbucket: `repo:refs_changed`; the payload is the whole body. Only the body is signed. The connection test, which
    /// is not signed, is answered.
    pub const BITBUCKET: Self = Self::new("bitbucket", Scheme::BITBUCKET)
        .event_name(EventSource::header("x-event-key"))
        .handshake(Plain::Bitbucket);

    /// Gitea: `pull_request.opened`; the payload is the whole body. Only the body is signed.
    pub const GITEA: Self = Self::new("gitea", Scheme::GITEA)
        .event_name(EventSource::header("x-gitea-event").join("/action"))
        .message_id(MessageIdSource::header("x-gitea-delivery"));

    /// Gogs: as [`GITEA`](Self::GITEA) under its own headers.
    pub const GOGS: Self = Self::new("gogs", Scheme::GOGS)
        .event_name(EventSource::header("x-gogs-event").join("/action"))
        .message_id(MessageIdSource::header("x-gogs-delivery"));

    /// Linear: `Issue.create`; the payload is the whole body.
    pub const LINEAR: Self = Self::new("linear", Scheme::LINEAR)
        .event_name(EventSource::json("/type").join("/action"))
        .message_id(MessageIdSource::header("linear-delivery"));

    /// Vercel: `deployment.created`; the payload is at `/payload`.
    pub const VERCEL: Self = Self::new("vercel", Scheme::VERCEL)
        .payload_at("/payload")
        .message_id(MessageIdSource::json("/id"));

    /// Sentry's integration platform: `issue.created`; the payload is the whole body. The header with the resource is
    /// not signed.
    pub const SENTRY: Self = Self::new("sentry", Scheme::SENTRY)
        .event_name(EventSource::header("sentry-hook-resource").join("/action"))
        .message_id(MessageIdSource::header("request-id"));
}
