//! From settings to a running sender. Whatever cannot work is refused here, before anything is sent.

use std::sync::Arc;

use http::HeaderValue;
use webhooks_core::{Catalogue, Envelope, ParameterLocation, Webhooks};
use webhooks_store::Database;

use super::SenderBuilder;
use crate::client::HttpClient;
use crate::context::{Context, Delivering, Publishing, Recipients};
use crate::dialect::{Dialect, SigningKeys, check_value};
use crate::engine;
use crate::error::{Error, SealError};
use crate::guard::TargetPolicy;
use crate::model::Subscription;
use crate::notices;
use crate::observe;
use crate::sender::Sender;
use crate::signing_mismatch::signing_mismatch;
use crate::subscriptions::{StaticSubscriptions, Subscribing};
use crate::tables::{Tables, Vault};

impl<D: Database> SenderBuilder<D> {
    /// Brings the tables up to date, compares the static subscriptions, and begins to deliver.
    ///
    /// # Errors
    ///
    /// When the database cannot be used, or the settings cannot work.
    pub async fn start(self) -> Result<Sender<D>, Error> {
        observe::describe();
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
        let catalogue = self.catalogue.map_or_else(no_webhooks, Ok)?;
        let recipients = Recipients {
            dialects: checked(self.dialects)?,
            policy: self.policy,
            subscriptions_per_owner: self.rules.subscriptions_per_owner,
            signing_keys: SigningKeys::new(self.signing_keys).map_err(Error::Settings)?,
            origin: self.origin.as_deref().map(origin).transpose()?,
            verification: self.verification,
        };
        check_declared_headers(&catalogue, &recipients.dialects)?;
        check_event_names(&catalogue, &recipients.dialects)?;
        let vault = Vault::new(self.keys, self.accepts_plain, Arc::clone(&self.entropy));
        let mut context = Context {
            tables: Tables::new(self.options.open().await?, vault),
            publishing: Publishing::new(
                catalogue,
                (self.visibility, self.tracer),
                self.entropy,
                &self.rules,
            ),
            recipients,
            delivering: Delivering::new(transport, self.rules),
            configured: None,
        };
        if self.is_outside {
            seal_nothing_plain(&mut context.tables).await?;
        } else {
            check_sealing(&context.tables).await?;
        }
        check_catalogue(&context.publishing, &context.recipients)?;
        if let Some(wanted) = self.static_ones {
            let wanted = with_files(wanted, self.static_files)?;
            Subscribing::new(&context)
                .keep_static(&context.tables, wanted.clone())
                .await?;
            context.configured = Some(wanted);
        }
        engine::look_at_pause(&context).await?;
        Ok(Sender::start(context, self.engine))
    }
}

/// Whether the catalogue has what the settings need, and says what the sender does.
fn check_catalogue(publishing: &Publishing, recipients: &Recipients) -> Result<(), Error> {
    if publishing.operator.is_some() && !notices::are_listed(publishing) {
        let problem = "the catalogue lists no operational webhooks; add `.with(operational_webhooks())` to it";
        return Err(Error::Settings(problem.to_owned()));
    }
    let default = recipients.dialect(None)?;
    if let Some(mismatch) = signing_mismatch(&publishing.catalogue, default) {
        tracing::warn!("{mismatch}");
    }
    Ok(())
}

/// The catalogue of a process that only delivers.
fn no_webhooks() -> Result<Catalogue, Error> {
    let built = Webhooks::new().build();
    built.map_err(|error| Error::Settings(error.to_string()))
}

/// The static subscriptions with those of the files, whose secrets are read now.
fn with_files(
    mut wanted: Vec<(String, Subscription)>,
    files: Vec<StaticSubscriptions>,
) -> Result<Vec<(String, Subscription)>, Error> {
    for file in files {
        let read = file.resolve(
            |name| std::env::var(name),
            |path| std::fs::read_to_string(path),
        );
        wanted.extend(read.map_err(Error::Settings)?);
    }
    Ok(wanted)
}

/// A missing key would otherwise show only in deliveries that do not come.
async fn check_sealing<D: Database>(tables: &Tables<D>) -> Result<(), Error> {
    let mut connection = tables.connection().await?;
    let mut tx = tables.on(&mut connection);
    for key in tx.used_keys().await? {
        let (id, count) = (&key.id, key.subscriptions);
        let advice = match tx.key_problem(&key).await? {
            None => continue,
            Some(SealError::Plain) => {
                return Err(Error::Settings(format!(
                    "the secrets of {count} subscriptions are not encrypted, and there is a key; start once with \
                     `accept_plain_secrets` and call `Operator::reseal`"
                )));
            }
            Some(SealError::MissingKey(_)) => {
                "which was not given; give it as a further `seal_with`"
            }
            Some(_) => {
                "and the key that was given under this id is another one; an id is for one key for ever"
            }
        };
        return Err(Error::Settings(format!(
            "the secrets of {count} subscriptions are encrypted with the key `{id}`, {advice}"
        )));
    }
    Ok(())
}

/// Without its keys, a program that is not the application writes no secret where the application encrypts them.
async fn seal_nothing_plain<D: Database>(tables: &mut Tables<D>) -> Result<(), Error> {
    let used = {
        let mut connection = tables.connection().await?;
        tables.on(&mut connection).used_keys().await?
    };
    let missing = used.into_iter().find(|key| !key.id.is_empty());
    if let Some(key) = missing.filter(|_| tables.vault.newest().is_empty()) {
        tables.vault.miss(key.id);
    }
    Ok(())
}

/// A DNS name, as CloudEvents asks for.
fn origin(name: &str) -> Result<HeaderValue, Error> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let valid = HeaderValue::from_str(name).ok();
    let valid = valid.filter(|_| !name.is_empty() && name.chars().all(is_name));
    valid.ok_or_else(|| {
        let problem = "the origin is a DNS name, such as `events.example.com`";
        Error::Settings(problem.to_owned())
    })
}

fn client(policy: TargetPolicy) -> Result<HttpClient, Error> {
    HttpClient::builder(policy)
        .build()
        .map_err(|error| Error::Settings(error.to_string()))
}

/// A declared header that a dialect writes itself would stand in the request twice.
fn check_declared_headers(catalogue: &Catalogue, dialects: &[Arc<Dialect>]) -> Result<(), Error> {
    for entry in catalogue.iter() {
        let declared = entry.descriptor().parameter_list().iter();
        for header in declared.filter(|parameter| parameter.location() == ParameterLocation::Header)
        {
            let writes = |dialect: &&Arc<Dialect>| dialect.writes(header.name());
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

/// An event of an existing API may have a name that no header can hold. Every attempt would fail in a dialect that writes the
/// name of a bare payload into one.
fn check_event_names(catalogue: &Catalogue, dialects: &[Arc<Dialect>]) -> Result<(), Error> {
    let Some(dialect) = dialects.iter().find(|dialect| dialect.names_the_event()) else {
        return Ok(());
    };
    let mut bare = catalogue
        .iter()
        .filter(|entry| entry.envelope() == Envelope::Bare);
    match bare.find(|entry| check_value(entry.name().as_str()).is_none()) {
        None => Ok(()),
        Some(entry) => Err(Error::Settings(format!(
            "the event `{}` ({}) cannot be written into a header, as the dialect `{}` does with the events of bare \
             payloads; give the sender only dialects without an event header",
            entry.name(),
            entry.descriptor().source_location(),
            dialect.name()
        ))),
    }
}

fn checked(mut dialects: Vec<Dialect>) -> Result<Vec<Arc<Dialect>>, Error> {
    if dialects.is_empty() {
        dialects = vec![Dialect::standard_webhooks(), Dialect::rest_hooks_signed()];
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
