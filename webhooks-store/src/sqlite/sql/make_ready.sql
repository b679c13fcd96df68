-- Scheduled jobs whose time has come get in line, the longest due first: the head of job_scheduled.
UPDATE {prefix}job SET state = 1
WHERE id IN (SELECT id FROM {prefix}job WHERE queue = ?2 AND state = 0 AND due_at <= {now} ORDER BY due_at LIMIT ?3);
