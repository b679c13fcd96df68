-- A grant with its one-time code. By primary key.
INSERT INTO {prefix}grants (hash, id, owner, content, is_code, expires, lasts)
VALUES ($2, $3, $4, $5, 1, {now} + $6, $7)
