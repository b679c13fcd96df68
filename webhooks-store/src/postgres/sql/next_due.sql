-- How long until the first scheduled job is due: the first entry of job_scheduled.
SELECT due_at - {now} AS wait_ms FROM {prefix}job WHERE queue = $2 AND state = 0 ORDER BY due_at LIMIT 1;
