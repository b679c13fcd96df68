-- What has come since: the rows of transactions from $3 on, and of those that were still open when it was last read ($4),
-- each a seek in job_new. A reading over several pages keeps to the snapshot of the first one: up to $5, without what was
-- open then ($6), behind the last row ($7, $8). Rows of slots that are another process's ($9) are left out.
SELECT job.id, job.slot::bigint, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       at.now_ms, at.next_ms, at.snapshot, job.xid::text AS number, job.scheduled::bigint AS scheduled
FROM (
    SELECT {now} AS now_ms, pg_current_snapshot()::text AS snapshot,
           (SELECT due_at FROM {prefix}job WHERE queue = $2 AND scheduled = 1 AND due_at + 0 > {now}
            ORDER BY due_at + 0 LIMIT 1) AS next_ms
) AS at
LEFT JOIN (
    SELECT * FROM (
        (SELECT late.*
         FROM unnest(string_to_array($4::text, ',')::xid8[]) AS open (xid)
         CROSS JOIN LATERAL (
             SELECT * FROM {prefix}job AS late
             WHERE late.xid = open.xid AND (late.xid, (late.id || '')) > ($7::text::xid8, $8::bytea)
               AND late.queue = $2 AND substr($9::text, late.slot + 1, 1) = '1'
             ORDER BY late.xid, (late.id || '') LIMIT $10
         ) AS late
         WHERE open.xid <> ALL (string_to_array($6::text, ',')::xid8[]))
        UNION ALL
        (SELECT * FROM {prefix}job AS new
         WHERE new.xid >= $3::text::xid8 AND new.xid < coalesce($5::text::xid8, pg_snapshot_xmax(pg_current_snapshot()))
           AND (new.xid, (new.id || '')) > ($7::text::xid8, $8::bytea)
           AND new.xid <> ALL (string_to_array($6::text, ',')::xid8[])
           AND new.queue = $2 AND substr($9::text, new.slot + 1, 1) = '1'
         ORDER BY new.xid, (new.id || '') LIMIT $10)
    ) AS both_parts
    ORDER BY xid, id LIMIT $10
) AS job ON true;
