-- How long until the next job that waits for its time, or ordered for its next try: an entry each of job_scheduled and
-- job_held.
SELECT min(at) - {now} AS wait_ms FROM (
    SELECT * FROM (SELECT due_at AS at FROM {prefix}job WHERE queue = ?2 AND scheduled = 1 AND due_at > {now}
                   ORDER BY due_at LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT held_until AS at FROM {prefix}job
                   WHERE queue = ?2 AND held_until > {now} AND held_until < 9223372036854775807
                   ORDER BY held_until LIMIT 1)
);
