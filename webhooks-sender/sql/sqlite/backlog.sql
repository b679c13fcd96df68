-- How many deliveries of a subscription are due, up to a limit. By the store's index job_lane.
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM {prefix}job AS j WHERE j.queue = ?5 AND j.slot = ?2 AND j.lane = ?3 AND j.due_at <= {now}
    LIMIT ?4) AS given
