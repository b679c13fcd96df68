//! Code hosting and issue trackers.

use std::time::Duration;

use crate::scheme::Scheme;
use crate::timestamp::Timestamp;

/// # Code hosting and issue trackers
impl Scheme {
    /// GitHub: HMAC-SHA256 of the body, `X-Hub-Signature-256: sha256=..`. For a form webhook the whole form
    /// body is signed. No timestamp, and `X-GitHub-Delivery` is not signed: an old request can be replayed
    /// under a new id.
    ///
    /// Source: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
    pub const GITHUB: Self = Self::hmac_sha256("x-hub-signature-256").prefix("sha256=");

    /// GitHub's old header, `X-Hub-Signature: sha1=..`, for GitHub Enterprise servers before 2.23 and those
    /// who copied it. Take [`GITHUB`](Self::GITHUB) where you can.
    ///
    /// Source: as for [`GITHUB`](Self::GITHUB).
    pub const GITHUB_SHA1: Self = Self::hmac_sha1("x-hub-signature").prefix("sha1=");

    /// GitLab's secret token: the token itself in `X-Gitlab-Token`. Nothing is signed; prefer
    /// [`GITLAB_SIGNED`](Self::GITLAB_SIGNED).
    ///
    /// Source: <https://docs.gitlab.com/user/project/integrations/webhooks/>.
    pub const GITLAB_TOKEN: Self = Self::token("x-gitlab-token");

    /// GitLab's signing token: Standard Webhooks v1, five minutes on both sides.
    ///
    /// Source: <https://docs.gitlab.com/user/project/integrations/webhooks/>.
    pub const GITLAB_SIGNED: Self = Self::STANDARD_WEBHOOKS;

    /// Bitbucket Server, Data Center and Cloud: HMAC-SHA256 of the body, `X-Hub-Signature: sha256=..`. No
    /// timestamp. The connection test of Bitbucket Server comes without a signature.
    ///
    /// Source: <https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html>.
    pub const BITBUCKET: Self = Self::hmac_sha256("x-hub-signature").prefix("sha256=");

    /// Gitea: HMAC-SHA256 of the body in bare hex. No timestamp. Gitea and Forgejo also send GitHub's
    /// headers.
    ///
    /// Source: <https://docs.gitea.com/usage/repository/webhooks>.
    pub const GITEA: Self = Self::hmac_sha256("x-gitea-signature");

    /// Gogs: as [`GITEA`](Self::GITEA) under its own header.
    ///
    /// Source: <https://gogs.io/advancing/webhooks>.
    pub const GOGS: Self = Self::hmac_sha256("x-gogs-signature");

    /// Linear: HMAC-SHA256 of the body in bare hex; `webhookTimestamp` in the body, in milliseconds, one
    /// minute on both sides. `Linear-Delivery` is not signed.
    ///
    /// Source: <https://linear.app/developers/webhooks#securing-webhooks>.
    pub const LINEAR: Self = Self::hmac_sha256("linear-signature").timestamp(
        Timestamp::json("/webhookTimestamp")
            .millis()
            .tolerance(Duration::from_secs(60)),
    );

    /// Sentry's integration platform: HMAC-SHA256 of the body in bare hex with the client secret.
    /// `Sentry-Hook-Timestamp` and `Request-ID` are not signed, so that nothing bounds the age.
    ///
    /// Source: <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/>.
    pub const SENTRY: Self = Self::hmac_sha256("sentry-hook-signature");

    /// Vercel: HMAC-SHA1 of the body in bare hex. No timestamp.
    ///
    /// Source: <https://vercel.com/docs/webhooks/webhooks-api#securing-webhooks>.
    pub const VERCEL: Self = Self::hmac_sha1("x-vercel-signature");

    /// Scalr: HMAC-SHA1 over the body and the text of the `Date` header, in bare hex. The age is not checked.
    ///
    /// Source: <https://docs.scalr.io/docs/webhooks>.
    pub const SCALR: Self = Self::hmac_sha1("x-signature").base("{body}{h:date}");
}
