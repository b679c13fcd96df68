-- Whether a scheduled job's time has come: one seek in job_scheduled.
SELECT 1::bigint FROM {prefix}job WHERE queue = $2 AND state = 0 AND due_at <= {now} LIMIT 1;
