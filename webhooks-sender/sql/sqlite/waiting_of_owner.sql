-- How many deliveries wait for up to 100 subscriptions of an owner, up to a limit. By the index subscriptions_by_owner
-- and the store's index job_lane.
SELECT count(*) AS waiting FROM (
    SELECT 1 FROM (SELECT s.id FROM {prefix}subscriptions AS s WHERE s.owner = ?1 LIMIT 100) AS visit
    CROSS JOIN {prefix}job AS j ON j.queue IN ('delivery', 'poll') AND j.slot = ?2 AND j.lane = visit.id LIMIT ?3) AS given
