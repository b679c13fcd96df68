-- What has come since position ?3: a range at the end of the table itself. Transactions are in line here, so that none is
-- ever open below a position that was read (?4 and ?6 are PostgreSQL's). Rows of slots that are another process's (?9) are
-- left out.
SELECT job.id, job.slot, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       at.now_ms, at.next_ms, at.snapshot, CAST(job.position AS TEXT) AS number, job.scheduled
FROM (
    SELECT {now} AS now_ms,
           '0:' || (coalesce((SELECT max(position) FROM {prefix}job), 0) + 1) || ':' AS snapshot,
           (SELECT due_at FROM {prefix}job WHERE queue = ?2 AND scheduled = 1 AND due_at > {now}
            ORDER BY due_at LIMIT 1) AS next_ms
) AS at
LEFT JOIN (
    SELECT * FROM {prefix}job
    WHERE position >= CAST(?3 AS INTEGER) AND position > CAST(?7 AS INTEGER)
      AND (?5 IS NULL OR position < CAST(?5 AS INTEGER)) AND ?8 IS NOT NULL
      AND +queue = ?2 AND substr(?9, slot + 1, 1) = '1'
    ORDER BY position LIMIT ?10
) AS job ON true;
