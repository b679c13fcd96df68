-- What came back for attempts, apart from them: it is forgotten earlier.
INSERT INTO {prefix}answer (at, job, generation, number, body)
SELECT at, job, generation, number, body
FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[]) AS given (at, job, generation, number, body)
ON CONFLICT (at, job, generation, number) DO NOTHING;
