//! Tables are made once, whichever program comes first.

use super::fixture::{execute, sibling};
use super::{due, id, job, numbers};
use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::job::Due;
use crate::migration::{Component, Migration};
use crate::options::StoreOptions;
use crate::parameters::Parameters;
use crate::statement::Statement;
use crate::store::Store;

const CREATE: Migration = Migration {
    name: "create",
    script: both("-- a table; of notes\nCREATE TABLE {prefix}note (text TEXT NOT NULL);"),
    readable_by: 1,
};
const FILL: Migration = Migration {
    name: "fill",
    script: both(
        "INSERT INTO {prefix}note (text) VALUES ('a;b');\nINSERT INTO {prefix}note (text) VALUES ('c');",
    ),
    readable_by: 2,
};
/// What programs of version 2 may ignore.
const INDEX: Migration = Migration {
    name: "index",
    script: both("CREATE INDEX {prefix}note_text ON {prefix}note (text);"),
    readable_by: 2,
};
const BREAK: Migration = Migration {
    name: "break",
    script: both("CREATE TABLE {prefix}half (text TEXT);\nCREATE NONSENSE;"),
    readable_by: 3,
};

static ONE: Component = Component {
    name: "notes",
    migrations: &[CREATE],
};
static TWO: Component = Component {
    name: "notes",
    migrations: &[CREATE, FILL],
};
static THREE: Component = Component {
    name: "notes",
    migrations: &[CREATE, FILL, INDEX],
};
static BROKEN: Component = Component {
    name: "notes",
    migrations: &[CREATE, FILL, BREAK],
};
static NOTES: Statement = both("SELECT text FROM {prefix}note");
static HALF: Statement = both("SELECT text FROM {prefix}half");

const fn both(text: &'static str) -> Statement {
    Statement::new(text, text)
}

/// A second program on the same database.
fn again<D: Database>(store: &Store<D>) -> StoreOptions<D> {
    store.options()
}

async fn notes<D: Database>(store: &Store<D>, statement: &Statement) -> Result<usize, Error> {
    let mut connection = store.connection().await?;
    Ok(store
        .load(statement)
        .fetch(&mut connection, Parameters::new())
        .await?
        .len())
}

pub async fn tables_are_made_once<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    again(&store).open().await?;
    again(&store).component(&ONE).open().await?;
    assert_eq!(notes(&store, &NOTES).await?, 0);
    again(&store).component(&TWO).open().await?;
    let last = again(&store).component(&TWO).open().await?;
    assert_eq!(notes(&last, &NOTES).await?, 2);
    assert_eq!(
        numbers(&due(&last, "a", 10).await?),
        [1],
        "nothing was lost"
    );
    Ok(())
}

pub async fn two_programs_that_migrate_at_once_both_start<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let prefix = sibling(&store, "fresh_")?;
    let start = |_| {
        let options = store.options().prefix(prefix.clone()).component(&TWO);
        tokio::spawn(options.open())
    };
    let programs: Vec<_> = (0..4).map(start).collect();
    for program in programs {
        let store = program.await.expect("no program panics")?;
        assert_eq!(notes(&store, &NOTES).await?, 2);
    }
    Ok(())
}

pub async fn a_newer_schema_is_refused<D: Database>(store: Store<D>) -> Result<(), Error> {
    again(&store).component(&TWO).open().await?;
    for options in [again(&store), again(&store).without_migrating()] {
        let error = options
            .component(&ONE)
            .open()
            .await
            .expect_err("the program is too old");
        assert!(
            matches!(
                &error,
                Error::NewerSchema {
                    found: 2,
                    known: 1,
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(
            error.to_string().contains("\"notes\" are at version 2"),
            "{error}"
        );
    }
    Ok(())
}

pub async fn a_newer_schema_that_says_it_is_compatible_is_worked_on<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    again(&store).component(&THREE).open().await?;
    for options in [again(&store), again(&store).without_migrating()] {
        let older = options.component(&TWO).open().await?;
        assert_eq!(notes(&older, &NOTES).await?, 2);
    }
    let error = again(&store).component(&ONE).open().await;
    assert!(matches!(error, Err(Error::NewerSchema { .. })), "{error:?}");
    Ok(())
}

pub async fn an_older_schema_is_refused_by_who_may_not_migrate<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let error = again(&store)
        .component(&TWO)
        .without_migrating()
        .open()
        .await
        .expect_err("there is no table");
    assert!(
        matches!(
            &error,
            Error::OlderSchema {
                found: 0,
                needed: 2,
                ..
            }
        ),
        "{error:?}"
    );
    again(&store).component(&TWO).open().await?;
    again(&store)
        .component(&TWO)
        .without_migrating()
        .open()
        .await?;
    let empty = again(&store)
        .prefix(sibling(&store, "none_")?)
        .without_migrating();
    let error = empty.open().await.expect_err("there is nothing");
    assert!(
        matches!(&error, Error::OlderSchema { component, .. } if component == "store"),
        "{error:?}"
    );
    Ok(())
}

pub async fn a_failed_migration_leaves_everything_as_it_was<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    again(&store).component(&ONE).open().await?;
    let error = again(&store)
        .component(&BROKEN)
        .open()
        .await
        .expect_err("NONSENSE cannot be created");
    assert!(
        matches!(&error, Error::Migration { version: 3, .. }),
        "{error:?}"
    );
    assert_eq!(notes(&store, &NOTES).await?, 0, "not even the step before");
    assert!(
        notes(&store, &HALF).await.is_err(),
        "there is no such table"
    );
    again(&store).component(&TWO).open().await?;
    Ok(())
}

pub async fn exported_sql_makes_the_same_tables<D: Database>(store: Store<D>) -> Result<(), Error> {
    let prefix = sibling(&store, "byhand_")?;
    execute(store.pool(), Component::sql::<D>(&[&TWO], &prefix)).await?;
    let options = store.options().prefix(prefix).component(&TWO);
    let store = options.without_migrating().open().await?;
    assert_eq!(notes(&store, &NOTES).await?, 2);
    store
        .enqueue(vec![
            job(1, "a"),
            job(2, "a").due(Due::After(super::MINUTE)),
        ])
        .await?;
    assert_eq!(numbers(&due(&store, "a", 10).await?), [1]);
    Ok(())
}

pub async fn stores_with_other_prefixes_never_meet<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let options = store
        .options()
        .prefix(sibling(&store, "other_")?)
        .clock(Clock::system());
    let other = options.open().await?;
    other.enqueue(vec![job(1, "a")]).await?;
    store.enqueue(vec![job(2, "a")]).await?;
    assert_eq!(numbers(&due(&store, "a", 10).await?), [2]);
    assert_eq!(numbers(&due(&other, "a", 10).await?), [1]);
    assert_eq!(store.job(id(1)).await?, None);
    Ok(())
}
