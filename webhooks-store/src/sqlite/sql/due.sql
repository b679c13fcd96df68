-- Scheduled rows whose time has come, behind a place: job_scheduled. And when the next one's comes.
SELECT job.id, job.slot, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       at.now_ms, at.next_ms
FROM (
    SELECT {now} AS now_ms,
           (SELECT due_at FROM {prefix}job WHERE queue = ?2 AND scheduled = 1 AND due_at > {now}
            ORDER BY due_at LIMIT 1) AS next_ms
) AS at
LEFT JOIN (
    SELECT * FROM {prefix}job
    WHERE queue = ?2 AND scheduled = 1 AND (due_at, id) > (?3, ?4) AND due_at <= {now}
    ORDER BY due_at, id LIMIT ?5
) AS job ON true;
