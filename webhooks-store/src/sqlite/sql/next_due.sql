-- How long until the next scheduled job is due: an entry of job_scheduled.
SELECT due_at - {now} AS wait_ms FROM {prefix}job WHERE queue = ?2 AND scheduled = 1 AND due_at > {now} ORDER BY due_at LIMIT 1;
