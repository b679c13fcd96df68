//! `webhooks dashboard`: the operator's pages over a database.

use std::env;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use webhooks_sender::database::Prefix;

use super::answer::{Failure, Outcome};
use crate::dashboard::{self, Address, Host, PathPrefix, Settings, Tables};
use crate::terminal::visible;

/// Opens the operator's pages over the tables of an application: the queue, what fails and why, each attempt.
///
/// It changes nothing unless --write is given, makes no requests, and may run while the application does. It prints an
/// address with a code that opens it in one browser, and stops at Ctrl-C.
#[derive(Debug, clap::Args)]
pub(super) struct Dashboard {
    /// The database: a SQLite file, or `postgres://USER@HOST/NAME`. Default: what `DATABASE_URL` says, which keeps a
    /// password out of the list of processes.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The schema of the tables in PostgreSQL. Default: where the `search_path` leads.
    #[arg(long, value_name = "NAME")]
    schema: Option<String>,
    /// What the names of the tables begin with.
    #[arg(long, value_name = "PREFIX", default_value_t = String::from(Prefix::default().as_str()))]
    table_prefix: String,
    /// PostgreSQL is behind PgBouncer, or another pooler, in transaction mode.
    #[arg(long)]
    behind_pooler: bool,
    /// The address to listen on: one of this machine alone, with port 0 for any that is free.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The path under which a proxy shows the pages, as in `/ops/webhooks`.
    #[arg(long, value_name = "PATH", default_value = "/")]
    prefix: PathPrefix,
    /// A name under which a proxy with TLS shows the pages; can be given several times. Requests for other names are
    /// refused.
    #[arg(long, value_name = "NAME")]
    host: Vec<Host>,
    /// Allow changes: make, change, pause and remove subscriptions, retry, cancel and replay deliveries, hold all of them
    /// back.
    #[arg(long)]
    write: bool,
    /// Show the payloads of messages and the bodies of answers: customers' data.
    #[arg(long)]
    payloads: bool,
}

impl Dashboard {
    pub(super) fn run(&self, output: &mut impl Write) -> Result<Outcome, Failure> {
        let settings = self.settings().map_err(Failure::Message)?;
        let shown = dashboard::run(&settings, |url| {
            writeln!(output, "{}", visible(url))?;
            output.flush()
        });
        shown.map_err(|refused| Failure::Message(refused.to_string()))?;
        Ok(Outcome::Good)
    }

    fn settings(&self) -> Result<Settings, String> {
        let named = self
            .database
            .clone()
            .or_else(|| env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()));
        let missing = "which database? Give --database, or set DATABASE_URL";
        let database: Address = named.ok_or(missing)?.parse()?;
        let mut prefix = Prefix::new(&self.table_prefix).map_err(|error| error.to_string())?;
        if let Some(schema) = &self.schema {
            prefix = prefix
                .in_schema(schema)
                .map_err(|error| error.to_string())?;
        }
        let own: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        if !own.contains(&self.listen.ip()) {
            return Err(format!(
                "the dashboard has no TLS, so it listens on 127.0.0.1 or [::1] and not on {}; other machines reach it \
                 through a proxy with TLS, or `ssh -L`",
                self.listen
            ));
        }
        Ok(Settings {
            database,
            tables: Tables {
                prefix,
                behind_pooler: self.behind_pooler,
            },
            listen: self.listen,
            prefix: self.prefix.clone(),
            hosts: self.host.clone(),
            writes: self.write,
            shows_payloads: self.payloads,
            actor: actor(env::var("USER").ok().as_deref()),
        })
    }
}

/// Who the audit trail says it was.
fn actor(user: Option<&str>) -> String {
    match user.filter(|user| !user.is_empty()) {
        Some(user) => format!("{user} (webhooks dashboard)"),
        None => "webhooks dashboard".to_owned(),
    }
}
