//! Jobs go in.

use std::time::Duration;

use super::{MINUTE, claim, id, job, jobs, number, numbers};
use crate::clock::to_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Lane};
use crate::store::Store;

pub async fn a_committed_job_is_claimed<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    store
        .enqueue_in(&mut transaction, vec![job(1, "a")])
        .await?;
    transaction.commit().await?;
    assert_eq!(numbers(&claim(&store, 10).await?), [1]);
    Ok(())
}

pub async fn a_rolled_back_job_never_was<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    store
        .enqueue_in(&mut transaction, vec![job(1, "a")])
        .await?;
    transaction.rollback().await?;
    assert!(claim(&store, 10).await?.is_empty());
    assert_eq!(store.job(id(1)).await?, None);
    Ok(())
}

pub async fn a_job_comes_back_as_it_was_inserted<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let data: Vec<u8> = (0..=255).collect();
    let full = job(1, "a\0b")
        .reference(id(9))
        .order_key("k\u{1f600}")
        .labels("{\"a\":1}")
        .data(data.clone());
    store.enqueue(vec![full, job(2, "b")]).await?;
    let mut claimed = claim(&store, 10).await?;
    claimed.sort_by_key(|job| job.id);
    assert_eq!(claimed[0].lane, Lane::from("a\0b"));
    assert_eq!(claimed[0].reference, Some(id(9)));
    assert_eq!(claimed[0].order_key.as_deref(), Some("k\u{1f600}"));
    assert_eq!(claimed[0].labels.as_deref(), Some("{\"a\":1}"));
    assert_eq!(claimed[0].data, data);
    assert_eq!((claimed[0].attempts, claimed[0].claim), (0, 1));
    assert_eq!(claimed[0].created_at, claimed[0].due_at);
    assert_eq!(
        (
            &claimed[1].reference,
            &claimed[1].order_key,
            &claimed[1].labels
        ),
        (&None, &None, &None)
    );
    assert!(claimed[1].data.is_empty());
    Ok(())
}

pub async fn a_job_waits_until_it_is_due<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let now = claim(&store, 1).await?[0].created_at;
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
        numbers(&claim(&store, 10).await?),
        [4],
        "a past time means now"
    );
    store.clock().advance(9 * MINUTE);
    assert!(claim(&store, 10).await?.is_empty());
    store.clock().advance(2 * MINUTE);
    assert_eq!(numbers(&claim(&store, 10).await?), [2]);
    store.clock().advance(10 * MINUTE);
    let last = claim(&store, 10).await?;
    assert_eq!(numbers(&last), [3]);
    assert_eq!(
        to_ms(last[0].due_at),
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
        let claimed = claim(&store, 1000).await?;
        assert_eq!(
            numbers(&claimed),
            (first..first + count).collect::<Vec<_>>()
        );
        assert!(
            claimed
                .iter()
                .all(|job| job.data == number(job.id).to_string().as_bytes())
        );
        store
            .cancel_lane(super::QUEUE, &Lane::from("a"), 1000)
            .await?;
        first += count;
    }
    Ok(())
}
