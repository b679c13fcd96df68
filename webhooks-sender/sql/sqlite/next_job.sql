-- How long until the next job's turn. By the index bulk_jobs_due.
SELECT j.due - {now} AS wait FROM {prefix}bulk_jobs AS j WHERE j.state = 'running' AND j.due > 0 ORDER BY j.due LIMIT 1
