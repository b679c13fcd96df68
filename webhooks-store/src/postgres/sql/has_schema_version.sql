-- Whether anything has ever been applied under this prefix, in the schema where it would be.
SELECT 1::bigint FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1;
