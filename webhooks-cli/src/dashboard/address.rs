//! Which database is meant: a path, or a URL.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// A database: a file of SQLite, or a server of PostgreSQL.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Address {
    type Err = String;

    /// A path, `sqlite:PATH`, or the URL of a PostgreSQL server.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let options = text.parse::<PgConnectOptions>();
            // What was read may hold a password, so it is not repeated.
            let options = options.map_err(|_| {
                "the URL of the database cannot be read; write `postgres://user@host/name`"
                    .to_owned()
            })?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        let path = text.strip_prefix("sqlite:").map_or(text, |path| {
            let path = path.strip_prefix("//").unwrap_or(path);
            // What follows says how an application opens it, as in `?mode=rwc`.
            path.split_once('?').map_or(path, |(path, _)| path)
        });
        if let Some((scheme, _)) = path.split_once("://") {
            let known = "SQLite (a file) and PostgreSQL (`postgres://user@host/name`) are known";
            return Err(format!("`{scheme}` is not known; {known}"));
        }
        if path.is_empty() {
            return Err("the name of the file is missing".to_owned());
        }
        Ok(Self::Sqlite(path.into()))
    }
}

impl Address {
    /// What the pages are headed with: the file's name, or that of the database and its host.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            }
            Self::Postgres(options) => {
                let database = options.get_database().unwrap_or("postgres");
                format!("{database} · {}", options.get_host())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn sqlite(text: &str) -> PathBuf {
        match text.parse() {
            Ok(Address::Sqlite(path)) => path,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_path_and_both_ways_to_write_its_url_are_files() {
        for text in [
            "shop.db",
            "sqlite:shop.db",
            "sqlite://shop.db",
            "sqlite://shop.db?mode=rwc",
        ] {
            assert_eq!(sqlite(text), Path::new("shop.db"), "{text}");
        }
        assert_eq!(sqlite("sqlite:///var/shop.db"), Path::new("/var/shop.db"));
        assert_eq!(sqlite("/var/shop.db"), Path::new("/var/shop.db"));
    }

    #[test]
    fn a_server_is_named_without_its_password() {
        let address: Address = "postgres://ops:hunter2@db.test/shop"
            .parse()
            .expect("a URL");
        assert_eq!(address.name(), "shop · db.test");
    }

    #[test]
    fn another_database_is_refused_without_repeating_a_password() {
        for (text, part) in [
            ("mysql://root:hunter2@db/shop", "`mysql` is not known"),
            ("postgres://ops:hunter2@db:port/shop", "cannot be read"),
            ("", "missing"),
            ("sqlite:", "missing"),
        ] {
            let refused = text.parse::<Address>().expect_err(text);
            assert!(
                refused.contains(part) && !refused.contains("hunter2"),
                "{refused}"
            );
        }
    }
}
