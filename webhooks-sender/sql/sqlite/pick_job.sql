-- Takes the job whose turn it is for so many milliseconds. By the index bulk_jobs_due. Verifications have
-- turns of their own. Two processes never take the same
-- one, and one that was too slow finds another version.
UPDATE {prefix}bulk_jobs AS j SET due = {now} + ?2, starts = starts + 1, version = version + 1
WHERE j.id = (SELECT next.id FROM {prefix}bulk_jobs AS next WHERE next.state = 'running' AND next.due <= {now}
              AND CASE WHEN next.kind = 'verification' THEN 1 ELSE 0 END = ?3
              ORDER BY next.due LIMIT 1)
RETURNING id, owner, kind, subscription, message, request, progress, dry_run, state, done, reason, created, finished, starts, version
