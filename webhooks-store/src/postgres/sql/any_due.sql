-- Whether a scheduled job's time has come: the first entry of job_scheduled. Without an order PostgreSQL would look
-- for any such row in the table itself.
SELECT 1::bigint FROM {prefix}job WHERE queue = $2 AND state = 0 AND due_at <= {now} ORDER BY due_at LIMIT 1;
