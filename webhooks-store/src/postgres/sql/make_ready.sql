-- Scheduled jobs whose time has come get in line, the longest due first: the head of job_scheduled. What another
-- worker has in hand is passed over.
UPDATE {prefix}job SET state = 1
WHERE id = ANY (ARRAY(
    SELECT id FROM {prefix}job WHERE queue = $2 AND state = 0 AND due_at <= {now}
    ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
));
