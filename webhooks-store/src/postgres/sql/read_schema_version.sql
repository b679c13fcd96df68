-- The version of a component, and the oldest version whose programs work on it: few rows, by the primary key.
SELECT max(version) AS version, max(readable_by) AS readable_by FROM {prefix}schema_version WHERE component = $1 HAVING count(*) > 0;
