-- Whether a queue has any job, due or not: its first entry in job_lane.
SELECT 1 AS any_job FROM {prefix}job WHERE queue = ?1 ORDER BY slot, lane LIMIT 1;
