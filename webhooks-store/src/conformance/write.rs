//! Group commit.

use super::{due, id, job, number};
use crate::database::Database;
use crate::error::Error;
use crate::job::NewJob;
use crate::store::Store;
use crate::writer::{Write, Writer};

struct Enqueue(NewJob);

impl<D: Database> Write<D> for Enqueue {
    /// The number of the job and how many were written with it.
    type Answer = (u64, usize);

    async fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<(u64, usize)>, Error> {
        let jobs = batch.iter().map(|Enqueue(job)| job.clone()).collect();
        store.enqueue_in(connection, jobs).await?;
        Ok(batch
            .iter()
            .map(|Enqueue(job)| (number(job.id), batch.len()))
            .collect())
    }
}

pub async fn every_write_is_answered_and_durable<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let writer: Writer<D, Enqueue> = Writer::start_with(&store, 32, 8);
    let callers: Vec<_> = (0..200)
        .map(|number| tokio::spawn(write_one(writer.clone(), number)))
        .collect();
    let mut largest = 0;
    for (number, caller) in (0..).zip(callers) {
        let (answered, together) = caller.await.expect("no caller panics")?;
        assert_eq!(answered, number);
        assert!(store.job(id(number)).await?.is_some());
        largest = largest.max(together);
    }
    assert!(
        (2..=32).contains(&largest),
        "many in one commit, but not too many: {largest}"
    );
    Ok(())
}

pub async fn a_conflict_fails_only_the_write_to_blame<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(10, "a"), job(20, "a")]).await?;
    let writer: Writer<D, Enqueue> = Writer::start(&store);
    let callers: Vec<_> = (0..30)
        .map(|number| tokio::spawn(write_one(writer.clone(), number)))
        .collect();
    for (number, caller) in (0..).zip(callers) {
        match caller.await.expect("no caller panics") {
            Ok((answered, _)) => assert_eq!(answered, number),
            Err(error) => assert!(
                error.is_conflict() && [10, 20].contains(&number),
                "{number}: {error:?}"
            ),
        }
    }
    assert_eq!(due(&store, "a", 100).await?.len(), 30);
    Ok(())
}

/// PostgreSQL has no text with U+0000; SQLite takes it. On both, a write may refuse itself.
pub async fn a_value_that_the_database_refuses_fails_only_its_own_write<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let writer: Writer<D, Refusing> = Writer::start(&store);
    let write = |number| {
        let (job, writer) = (job(number, "a"), writer.clone());
        let job = if number == 17 {
            job.order_key("a\0b")
        } else {
            job
        };
        tokio::spawn(async move { writer.write(Refusing(job)).await })
    };
    let callers: Vec<_> = (0..30).map(write).collect();
    for (number, caller) in (0..).zip(callers) {
        let answer = caller.await.expect("no caller panics");
        match number {
            9 => assert!(matches!(answer, Err(Error::Refused(_))), "{answer:?}"),
            17 => {}
            _ => answer?,
        }
    }
    assert!(due(&store, "a", 100).await?.len() >= 28);
    Ok(())
}

/// Refuses number 9.
struct Refusing(NewJob);

impl<D: Database> Write<D> for Refusing {
    type Answer = ();

    async fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<()>, Error> {
        if batch.iter().any(|Refusing(job)| number(job.id) == 9) {
            return Err(Error::Refused("nine is refused".into()));
        }
        store
            .enqueue_in(
                connection,
                batch.iter().map(|Refusing(job)| job.clone()).collect(),
            )
            .await?;
        Ok(vec![(); batch.len()])
    }
}

pub async fn a_dropped_caller_is_written_nevertheless<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let writer: Writer<D, Enqueue> = Writer::start(&store);
    {
        let mut write = Box::pin(writer.write(Enqueue(job(1, "a"))));
        // Once is enough to be let in.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(write.as_mut().poll(&mut context).is_pending());
    }
    writer.close().await;
    assert!(store.job(id(1)).await?.is_some());
    Ok(())
}

pub async fn a_closed_writer_has_written_everything<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let writer: Writer<D, Enqueue> = Writer::start(&store);
    let callers: Vec<_> = (0..50)
        .map(|number| tokio::spawn(write_one(writer.clone(), number)))
        .collect();
    writer.write(Enqueue(job(100, "a"))).await?;
    writer.close().await;
    writer.close().await;
    let late = writer.write(Enqueue(job(200, "a"))).await;
    assert!(matches!(late, Err(Error::Closed)), "{late:?}");
    for (number, caller) in (0..).zip(callers) {
        let accepted = caller.await.expect("no caller panics").is_ok();
        assert_eq!(store.job(id(number)).await?.is_some(), accepted);
    }
    Ok(())
}

async fn write_one<D: Database>(
    writer: Writer<D, Enqueue>,
    number: u64,
) -> Result<(u64, usize), Error> {
    writer.write(Enqueue(job(number, "a"))).await
}
