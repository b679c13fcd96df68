-- Takes slots that were locked: those that still have no owner, and only for a process whose lease counts.
UPDATE {prefix}slot AS slot SET worker = $2, epoch = epoch + 1,
    refused_by = CASE WHEN refused_by = $2 THEN NULL ELSE refused_by END
WHERE slot.slot = ANY ($3::bigint[])
  AND NOT EXISTS (SELECT 1 FROM {prefix}worker AS worker WHERE worker.id = slot.worker)
  AND EXISTS (SELECT 1 FROM {prefix}worker AS own
              WHERE own.id = $2 AND own.lease_until > {now} AND own.lease_until <= {now} + own.ttl_ms + 60000)
RETURNING slot.slot::bigint AS slot, slot.epoch,
          (CASE WHEN deaths >= 2 AND died_at BETWEEN {now} - 1800000 AND {now} + 60000 THEN 1 ELSE 0 END)::bigint AS is_doubtful,
          (CASE WHEN slot.refused_by IS NULL THEN 0 ELSE 1 END)::bigint AS is_refused;
