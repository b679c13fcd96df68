-- Whether a lane's history is an owner's: all its rows are of one, so that the first entry in history_lane tells.
SELECT first.owner
FROM (SELECT owner FROM {prefix}history WHERE queue = ?1 AND lane = ?2 ORDER BY id LIMIT 1) AS first WHERE first.owner = ?3;
