-- How long until the next job that waits for its time, or ordered for its next try: an entry each of job_scheduled and
-- job_held.
SELECT least(
    (SELECT due_at FROM {prefix}job WHERE queue = $2 AND scheduled = 1 AND due_at + 0 > {now}
     ORDER BY due_at + 0 LIMIT 1),
    (SELECT held_until FROM {prefix}job WHERE queue = $2 AND held_until > {now} AND held_until < 9223372036854775807
     ORDER BY held_until LIMIT 1)
) - {now} AS wait_ms;
