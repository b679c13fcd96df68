//! Links into a portal: for operators.

use http::Method;

use super::Client;
use super::error::ClientError;
use super::transport::Transport;
use crate::routes::portal_links::{LinksRevoked, PortalLink, PortalLinkRequest};

/// # Links into a portal
impl<T: Transport> Client<T> {
    /// Makes a link into the portal of the owner for whom the client [acts](Client::of). Its code is shown only now.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn create_portal_link(
        &self,
        wanted: &PortalLinkRequest,
    ) -> Result<PortalLink, ClientError> {
        self.post(&["portal-links"]).json(wanted)?.read().await
    }

    /// Takes all links of the owner back, with the sessions that they opened; returns how many there were.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn revoke_portal_links(&self) -> Result<u64, ClientError> {
        let call = self.call(Method::DELETE, &["portal-links"]);
        Ok(call.read::<LinksRevoked>().await?.revoked)
    }
}
