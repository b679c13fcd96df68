-- How deliveries of one subscription ended, of the messages between two ids, up to a number. By the store's index
-- history_lane.
SELECT sum(counted.state = 3) AS delivered, sum(counted.state = 4) AS failed, sum(counted.state = 5) AS cancelled FROM (
    SELECT ended.state FROM {prefix}history AS ended WHERE ended.lane = ?1 AND ended.id >= ?2 AND ended.id < ?3 LIMIT ?4
) AS counted
