//! From settings to a running sender. Whatever cannot work is refused here, before anything is sent.

use std::sync::Arc;

use webhooks_core::{Catalogue, ParameterLocation, Webhooks};
use webhooks_store::Database;

use super::SenderBuilder;
use crate::client::HttpClient;
use crate::dialect::Dialect;
use crate::document::untruth;
use crate::error::Error;
use crate::guard::TargetPolicy;
use crate::operations;
use crate::sender::Sender;
use crate::shared::{Parts, Shared};
use crate::subscriptions::keep_fixed;
use crate::vault::Vault;

impl<D: Database> SenderBuilder<D> {
    /// Brings the tables up to date, compares the static subscriptions, and begins to deliver.
    ///
    /// # Errors
    ///
    /// When the database cannot be used, or the settings cannot work.
    pub async fn start(self) -> Result<Sender<D>, Error> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(client(self.policy.clone())?),
        };
        let closed = || "no port is accepted: give `TargetPolicy::ports` one".to_owned();
        let problem = self.rules.problem(transport.timeout());
        let problem = problem.or_else(|| self.policy.is_closed().then(closed));
        if let Some(problem) = problem.or_else(|| Vault::problem(&self.keys)) {
            return Err(Error::Settings(problem));
        }
        let parts = Parts {
            catalogue: match self.catalogue {
                Some(catalogue) => catalogue,
                None => Webhooks::new()
                    .build()
                    .map_err(|error| Error::Settings(error.to_string()))?,
            },
            dialects: checked(self.dialects)?,
            policy: self.policy,
            vault: Vault::new(self.keys, Arc::clone(&self.chance)),
            chance: self.chance,
            transport,
            visibility: self.visibility,
            rules: self.rules,
        };
        headers_of_their_own(&parts.catalogue, &parts.dialects)?;
        let shared = Shared::new(self.options.open().await?, parts);
        if shared.rules.operations.is_some() && !operations::are_listed(&shared) {
            let problem = "the catalogue lists no operational webhooks; add `.with(operational_webhooks())` to it";
            return Err(Error::Settings(problem.to_owned()));
        }
        if let Some(untruth) = shared
            .dialects
            .first()
            .and_then(|dialect| untruth(&shared.catalogue, dialect))
        {
            tracing::warn!("{untruth}");
        }
        if let Some(mut fixed) = self.fixed {
            for configured in self.configured {
                let read = configured.resolve(
                    |name| std::env::var(name),
                    |path| std::fs::read_to_string(path),
                );
                fixed.extend(read.map_err(Error::Settings)?);
            }
            keep_fixed(&shared, fixed).await?;
        }
        Ok(Sender::start(shared, self.engine))
    }
}

fn client(policy: TargetPolicy) -> Result<HttpClient, Error> {
    HttpClient::builder(policy)
        .build()
        .map_err(|error| Error::Settings(error.to_string()))
}

/// A declared header that a dialect writes itself would stand in the request twice.
fn headers_of_their_own(catalogue: &Catalogue, dialects: &[Arc<Dialect>]) -> Result<(), Error> {
    for entry in catalogue.iter() {
        let declared = entry.descriptor().parameter_list().iter();
        for header in declared.filter(|parameter| parameter.location() == ParameterLocation::Header)
        {
            let writes = |dialect: &&Arc<Dialect>| {
                dialect
                    .reserved()
                    .any(|reserved| reserved.eq_ignore_ascii_case(header.name()))
            };
            if let Some(dialect) = dialects.iter().find(writes) {
                return Err(Error::Settings(format!(
                    "`{}` ({}) declares the header `{}`, which the dialect `{}` writes itself; give it another name",
                    entry.name(),
                    entry.descriptor().source_location(),
                    header.name(),
                    dialect.name()
                )));
            }
        }
    }
    Ok(())
}

fn checked(mut dialects: Vec<Dialect>) -> Result<Vec<Arc<Dialect>>, Error> {
    if dialects.is_empty() {
        dialects = vec![
            Dialect::standard_webhooks(),
            Dialect::rest_hooks(),
            Dialect::rest_hooks_signed(),
        ];
    }
    for (index, dialect) in dialects.iter().enumerate() {
        if dialects[..index]
            .iter()
            .any(|other| other.name() == dialect.name())
        {
            let problem = format!(
                "two dialects are called `{}`; give each a name of its own",
                dialect.name()
            );
            return Err(Error::Settings(problem));
        }
        dialect.check().map_err(|problem| {
            Error::Settings(format!("the dialect `{}`: {problem}", dialect.name()))
        })?;
    }
    Ok(dialects.into_iter().map(Arc::new).collect())
}
