-- What has ended for a subscription between two ids, the oldest message first. By the store's index history_lane.
SELECT h.id, h.reference FROM {prefix}history AS h
WHERE h.lane = ?1 AND h.id > ?2 AND h.id < ?3 AND h.queue IN ('delivery', 'poll') ORDER BY h.id LIMIT ?4
