-- How long until the next job's turn. By the index bulk_jobs_due. Verifications have
-- turns of their own.
SELECT j.due - {now} AS wait FROM {prefix}bulk_jobs AS j WHERE j.state = 'running' AND j.due > 0 AND CASE WHEN j.kind = 'verification' THEN 1 ELSE 0 END = ?2
ORDER BY j.due LIMIT 1
