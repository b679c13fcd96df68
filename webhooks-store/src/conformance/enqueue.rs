//! Jobs go in.

use std::time::Duration;

use super::{MINUTE, QUEUE, due, id, job, jobs, lane, number, numbers};
use crate::clock::{from_ms, to_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::Due;
use crate::store::Store;

pub async fn a_committed_job_is_found<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    store
        .enqueue_in(&mut transaction, vec![job(1, "a")])
        .await?;
    transaction.commit().await?;
    assert_eq!(numbers(&due(&store, "a", 10).await?), [1]);
    Ok(())
}

pub async fn a_rolled_back_job_never_was<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    store
        .enqueue_in(&mut transaction, vec![job(1, "a")])
        .await?;
    transaction.rollback().await?;
    assert!(due(&store, "a", 10).await?.is_empty());
    assert_eq!(store.job(id(1)).await?, None);
    Ok(())
}

pub async fn a_job_waits_until_it_is_due<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let now = from_ms(due(&store, "a", 1).await?[0].place.due_ms);
    let later = |number, due| job(number, "a").due(due);
    store
        .enqueue(vec![
            later(2, Due::After(10 * MINUTE)),
            later(3, Due::At(now + 20 * MINUTE)),
            later(4, Due::At(now - 20 * MINUTE)),
            later(5, Due::After(Duration::MAX)),
        ])
        .await?;
    assert_eq!(
        numbers(&due(&store, "a", 10).await?),
        [1, 4],
        "a past time means now"
    );
    store.clock().advance(9 * MINUTE);
    assert_eq!(numbers(&due(&store, "a", 10).await?), [1, 4]);
    store.clock().advance(2 * MINUTE);
    assert_eq!(numbers(&due(&store, "a", 10).await?), [1, 2, 4]);
    store.clock().advance(10 * MINUTE);
    let last = due(&store, "a", 10).await?;
    assert_eq!(numbers(&last), [1, 2, 3, 4]);
    assert_eq!(
        last[3].place.due_ms,
        to_ms(now + 20 * MINUTE),
        "a moment is kept to the millisecond"
    );
    Ok(())
}

pub async fn an_id_in_use_is_a_conflict<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let error = store
        .enqueue(vec![job(2, "a"), job(1, "b")])
        .await
        .expect_err("1 is in use");
    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(store.job(id(2)).await?, None, "all or nothing");
    Ok(())
}

pub async fn any_number_of_jobs_goes_into_one_call<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut first = 0;
    for count in [0, 1, 2, 3, 4, 5, 16, 17, 64, 65, 255, 256, 257, 513] {
        let new = jobs(first..first + count, "a").into_iter().map(|job| {
            let text = number(job.id).to_string();
            job.data(text)
        });
        store.enqueue(new.collect()).await?;
        let found = due(&store, "a", 1000).await?;
        assert_eq!(numbers(&found), (first..first + count).collect::<Vec<_>>());
        assert!(
            found
                .iter()
                .all(|entry| entry.content.data == number(entry.id()).to_string().as_bytes())
        );
        store.cancel_lane(QUEUE, &lane("a"), 1000).await?;
        first += count;
    }
    Ok(())
}
