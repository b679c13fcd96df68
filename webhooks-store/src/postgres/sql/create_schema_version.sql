-- What has been applied, by whom it belongs to.
CREATE TABLE IF NOT EXISTS {prefix}schema_version (
    component text NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    readable_by bigint NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (component, version)
);
