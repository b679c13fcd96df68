-- Attempts that are not the last of a finished job. One that was recorded before stays as it is.
INSERT INTO {prefix}attempt (job, generation, number, lane, at, duration_ms, status, error)
SELECT job, generation, number, lane, at, duration_ms, status, error
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
     AS given (job, generation, number, lane, at, duration_ms, status, error)
ON CONFLICT (job, generation, number) DO NOTHING;
