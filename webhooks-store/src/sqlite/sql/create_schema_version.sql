-- What has been applied, by whom it belongs to.
CREATE TABLE IF NOT EXISTS {prefix}schema_version (
    component TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    readable_by INTEGER NOT NULL,
    applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (component, version)
) STRICT;
