-- How many deliveries of a subscription wait for their turn, up to a limit. By the store's index job_ready.
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM {prefix}job AS j WHERE j.queue = 'delivery' AND j.state = 1 AND j.lane = ?1 LIMIT ?2) AS given
