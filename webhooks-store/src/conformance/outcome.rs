//! Jobs end, or are put off, as is recorded of the version that was tried, and only so.

use super::{MINUTE, QUEUE, due, id, is_again, job, jobs, lane, number, numbers, outcomes};
use crate::clock::{from_ms, to_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Hold, State};
use crate::lanes::{Recorded, Version};
use crate::outcome::Verdict;
use crate::store::Store;

pub async fn a_finished_job_is_kept_as_it_ended<D: Database>(store: Store<D>) -> Result<(), Error> {
    let new = |number| {
        job(number, "a")
            .owner(77)
            .reference(id(9))
            .order_key("k")
            .labels("l")
            .data([1, 2, 3])
    };
    store.enqueue(vec![new(1), new(2), new(3)]).await?;
    let waiting = due(&store, "a", 10).await?;
    store.clock().advance(MINUTE / 2);
    let verdicts = [Verdict::Done, Verdict::Failed, Verdict::Cancelled];
    for (entry, verdict) in waiting.iter().zip(verdicts) {
        let recorded = store.record(&[entry.outcome(verdict)]).await?;
        assert_eq!(recorded, [Recorded::Ended]);
    }
    let states = [(State::Done, 1), (State::Failed, 1), (State::Cancelled, 0)];
    for (entry, (state, attempts)) in waiting.iter().zip(states) {
        let record = store.job(entry.id()).await?.expect("it is kept");
        assert_eq!((record.state, record.attempts), (state, attempts));
        assert_eq!((record.slot, record.owner), (lane("a").slot, 77));
        assert_eq!(
            (
                record.queue.as_str(),
                record.lane.as_bytes(),
                record.reference
            ),
            (QUEUE, &b"a"[..], Some(id(9)))
        );
        assert_eq!(
            (record.order_key.as_deref(), record.labels.as_deref()),
            (Some("k"), Some("l"))
        );
        assert_eq!(
            (record.data, record.created_at, to_ms(record.due_at)),
            (vec![1, 2, 3], entry.content.created_at, entry.place.due_ms)
        );
        let finished = record.finished_at.expect("it is finished");
        assert!(finished >= entry.content.created_at + MINUTE / 2);
    }
    assert!(due(&store, "a", 10).await?.is_empty());
    Ok(())
}

pub async fn a_forgotten_job_leaves_nothing<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let waiting = due(&store, "a", 10).await?;
    let recorded = store.record(&outcomes(&waiting, Verdict::Forget)).await?;
    assert_eq!(recorded, [Recorded::Ended]);
    assert_eq!(store.job(id(1)).await?, None);
    store.enqueue(vec![job(1, "a")]).await?;
    Ok(())
}

pub async fn a_retry_counts_and_moves_and_a_postponement_only_moves<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let steps = [
        (Verdict::Retry(Due::After(MINUTE)), 1),
        (Verdict::Postpone(Due::After(MINUTE)), 1),
        (Verdict::Retry(Due::Now), 2),
        (Verdict::Postpone(Due::Now), 2),
    ];
    for (change, (verdict, attempts)) in (1..).zip(steps) {
        let entry = due(&store, "a", 1).await?.remove(0);
        let recorded = store.record(&[entry.outcome(verdict)]).await?.remove(0);
        let Recorded::Again { version, due_ms } = recorded else {
            panic!("{recorded:?}");
        };
        assert_eq!(
            version,
            Version {
                generation: 0,
                change
            }
        );
        let record = store.job(id(1)).await?.expect("it waits");
        assert_eq!((record.attempts, to_ms(record.due_at)), (attempts, due_ms));
        if let Verdict::Retry(Due::After(_)) | Verdict::Postpone(Due::After(_)) = verdict {
            assert!(due(&store, "a", 1).await?.is_empty(), "not due yet");
        }
        store.clock().advance(2 * MINUTE);
    }
    assert_eq!(due(&store, "a", 1).await?[0].attempts, 2);
    Ok(())
}

pub async fn a_job_that_is_held_keeps_its_place<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a").order_key("k")]).await?;
    store.enqueue(vec![job(2, "a").order_key("k")]).await?;
    let first = due(&store, "a", 1).await?.remove(0);
    let held = first.outcome(Verdict::Hold(Due::After(MINUTE)));
    let held = store.record(&[held]).await?.remove(0);
    let Recorded::Held { version, until_ms } = held else {
        panic!("{held:?}");
    };
    let waiting = due(&store, "a", 10).await?;
    assert_eq!(waiting[0].place, first.place, "before what follows it");
    assert_eq!((waiting[0].version, waiting[0].attempts), (version, 1));
    assert_eq!(waiting[0].held_ms, Some(until_ms));
    assert!(until_ms >= first.place.due_ms + 60_000);
    let until = Hold::Until(from_ms(until_ms));
    let record = store.job(id(1)).await?.expect("it waits");
    assert_eq!(
        (record.state, record.held_until),
        (State::Pending, Some(until))
    );

    let stopped = store.record(&[waiting[0].outcome(Verdict::Stop)]).await?;
    let is_stopped = |recorded: &Recorded| {
        matches!(
            recorded,
            Recorded::Held {
                until_ms: i64::MAX,
                ..
            }
        )
    };
    assert!(stopped.iter().all(is_stopped), "{stopped:?}");
    let record = store.job(id(1)).await?.expect("it waits");
    assert_eq!(
        (record.attempts, record.held_until),
        (2, Some(Hold::Stopped))
    );
    let stopped = due(&store, "a", 1).await?.remove(0);
    assert_eq!((stopped.id(), stopped.held_ms), (id(1), Some(i64::MAX)));
    let done = store.record(&[stopped.outcome(Verdict::Done)]).await?;
    assert_eq!(done, [Recorded::Ended]);
    Ok(())
}

pub async fn only_a_success_counts_for_a_row_that_was_changed<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let old = due(&store, "a", 10).await?;
    // A former owner, or a hand, was faster.
    let faster = store
        .record(&outcomes(&old, Verdict::Retry(Due::Now)))
        .await?;
    assert!(faster.into_iter().all(is_again));
    let others = [
        Verdict::Failed,
        Verdict::Cancelled,
        Verdict::Retry(Due::After(MINUTE)),
        Verdict::Postpone(Due::After(MINUTE)),
        Verdict::Hold(Due::After(MINUTE)),
        Verdict::Stop,
        Verdict::Forget,
    ];
    for verdict in others {
        let late = store.record(&outcomes(&old, verdict)).await?;
        assert_eq!(late, [Recorded::Missed; 2], "{verdict:?}");
    }
    let record = store.job(id(1)).await?.expect("it waits");
    assert_eq!((record.state, record.attempts), (State::Pending, 1));
    let success = store.record(&outcomes(&old, Verdict::Done)).await?;
    assert_eq!(success, [Recorded::Ended; 2]);
    let record = store.job(id(1)).await?.expect("it is kept");
    assert_eq!((record.state, record.attempts), (State::Done, 2));
    let again = store.record(&outcomes(&old, Verdict::Done)).await?;
    assert_eq!(again, [Recorded::Missed; 2], "it ends once");
    Ok(())
}

pub async fn an_answer_ends_no_later_generation<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    let old = due(&store, "a", 10).await?;
    store.record(&outcomes(&old, Verdict::Failed)).await?;
    let mut transaction = store.begin().await?;
    store.restart_in(&mut transaction, &[id(1)], None).await?;
    transaction.commit().await?;
    for verdict in [Verdict::Done, Verdict::Failed, Verdict::Retry(Due::Now)] {
        let late = store.record(&outcomes(&old, verdict)).await?;
        assert_eq!(late, [Recorded::Missed], "{verdict:?}");
    }
    let new = due(&store, "a", 10).await?;
    assert_eq!(
        new[0].version,
        Version {
            generation: 1,
            change: 0
        }
    );
    Ok(())
}

pub async fn of_two_outcomes_the_first_counts<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let entry = due(&store, "a", 1).await?.remove(0);
    let verdicts = [Verdict::Done, Verdict::Failed, Verdict::Retry(Due::Now)];
    let all = verdicts.map(|verdict| entry.outcome(verdict)).to_vec();
    let expected = [Recorded::Ended, Recorded::Missed, Recorded::Missed];
    assert_eq!(store.record(&all).await?, expected);
    let record = store.job(id(1)).await?.expect("it is kept");
    assert_eq!(record.state, State::Done);
    Ok(())
}

pub async fn outcomes_are_answered_in_their_order<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(0..600, "a")).await?;
    let waiting = due(&store, "a", 600).await?;
    assert_eq!(waiting.len(), 600);
    // Every seventh is changed by hand before.
    let changed: Vec<_> = (0..600).step_by(7).map(id).collect();
    let mut transaction = store.begin().await?;
    store.restart_in(&mut transaction, &changed, None).await?;
    transaction.commit().await?;
    let verdict = |number: u64| match number % 5 {
        0 => Verdict::Done,
        1 => Verdict::Failed,
        2 => Verdict::Retry(Due::After(MINUTE)),
        3 => Verdict::Hold(Due::After(MINUTE)),
        _ => Verdict::Forget,
    };
    let mixed = waiting
        .iter()
        .rev()
        .map(|entry| entry.outcome(verdict(number(entry.id()))));
    let recorded = store.record(&mixed.collect::<Vec<_>>()).await?;
    for (entry, recorded) in waiting.iter().rev().zip(recorded) {
        let number = number(entry.id());
        let misses = number.is_multiple_of(7) && !number.is_multiple_of(5);
        assert_eq!(recorded == Recorded::Missed, misses, "{number}");
        let record = store.job(entry.id()).await?;
        let state = record.map(|record| (record.state, record.held_until.is_some()));
        let expected = match number % 5 {
            _ if misses => Some((State::Pending, false)),
            0 => Some((State::Done, false)),
            1 => Some((State::Failed, false)),
            2 => Some((State::Pending, false)),
            3 => Some((State::Pending, true)),
            _ => None,
        };
        assert_eq!(state, expected, "{number}");
    }
    Ok(())
}

pub async fn a_rolled_back_outcome_never_was<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let waiting = due(&store, "a", 10).await?;
    let mut transaction = store.begin().await?;
    let done = outcomes(&waiting, Verdict::Done);
    store.record_in(&mut transaction, &done).await?;
    transaction.rollback().await?;
    let record = store.job(id(1)).await?.expect("it waits");
    assert_eq!(record.state, State::Pending);
    let recorded = store
        .record(&outcomes(&waiting, Verdict::Retry(Due::Now)))
        .await?;
    assert!(recorded.into_iter().all(is_again));
    store.clock().advance(MINUTE);
    assert_eq!(numbers(&due(&store, "a", 10).await?), [1, 2]);
    Ok(())
}
