-- Who owns each slot, whether its owners die, and which processes there are, in one look: 256 rows and one for each
-- process. They are counted in the program: a join here would walk the dead rows of one table for each row of the other.
SELECT slot.slot AS slot, slot.epoch, slot.worker AS worker, NULL AS capacity, NULL AS is_alive,
       (CASE WHEN deaths >= 2 AND died_at BETWEEN {now} - 1800000 AND {now} + 60000 THEN 1 ELSE 0 END) AS is_doubtful,
       (CASE WHEN slot.refused_by IS NULL THEN 0 ELSE 1 END) AS is_refused,
       NULL AS left_ms, slot.refused_by
FROM {prefix}slot AS slot
UNION ALL
SELECT NULL, NULL, worker.id, worker.capacity,
       (CASE WHEN lease_until > {now} AND lease_until <= {now} + ttl_ms + 60000 THEN 1 ELSE 0 END),
       NULL, NULL, (lease_until - {now}), NULL
FROM {prefix}worker AS worker;
