-- How deliveries of one subscription ended, of the messages between two ids, up to a number. By the store's index
-- history_lane.
SELECT count(*) FILTER (WHERE counted.state = 3) AS delivered, count(*) FILTER (WHERE counted.state = 4) AS failed,
       count(*) FILTER (WHERE counted.state = 5) AS cancelled
FROM (
    SELECT ended.state FROM {prefix}history AS ended
    WHERE ended.lane = $1 AND (ended.id || '') >= $2 AND (ended.id || '') < $3 LIMIT $4
) AS counted
