-- Writes down that the requests of jobs begin, or, with -1, that they were not made after all; found by primary key.
UPDATE {prefix}job SET starts = greatest(starts + $1::bigint, 0) WHERE id = ANY ($2::bytea[]);
