-- How deliveries of one subscription ended, of the messages between two ids, up to a number. By the store's index
-- history_lane. The ids are said twice: for the index, and so that the partitions of other days are not opened. There they
-- stand next to an id that does not exist: by either of two ways the primary key is not searched.
SELECT count(*) FILTER (WHERE counted.state = 3) AS delivered, count(*) FILTER (WHERE counted.state = 4) AS failed,
       count(*) FILTER (WHERE counted.state = 5) AS cancelled
FROM (
    SELECT ended.state FROM {prefix}history AS ended
    WHERE ended.lane = $1 AND (ended.id || '') >= $2 AND (ended.id || '') < $3
      AND (ended.id >= $2 AND ended.id < $3 OR ended.id = '') LIMIT $4
) AS counted
