-- Takes free slots, and only for a process whose lease counts.
WITH given (slot) AS (VALUES {rows})
UPDATE {prefix}slot SET worker = ?2, epoch = epoch + 1, refused_by = nullif(refused_by, ?2)
WHERE slot IN (SELECT slot FROM given)
  AND EXISTS (SELECT 1 FROM {prefix}worker AS own
              WHERE own.id = ?2 AND own.lease_until > {now} AND own.lease_until <= {now} + own.ttl_ms + 60000)
RETURNING slot, epoch,
          (CASE WHEN deaths >= 2 AND died_at BETWEEN {now} - 1800000 AND {now} + 60000 THEN 1 ELSE 0 END) AS is_doubtful,
          (CASE WHEN refused_by IS NULL THEN 0 ELSE 1 END) AS is_refused;
