-- Whether a scheduled job's time has come: the first entry of job_scheduled.
SELECT 1 FROM {prefix}job WHERE queue = ?2 AND state = 0 AND due_at <= {now} ORDER BY due_at LIMIT 1;
