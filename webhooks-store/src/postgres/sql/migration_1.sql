-- Unfinished jobs. state: 0 scheduled (waits for its time), 1 ready (waits for its turn), 2 running.
-- Every row is written three times and deleted, so the vacuum comes early and does not doze.
CREATE TABLE {prefix}job (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    lane bytea NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
    due_at bigint NOT NULL,
    claim bigint NOT NULL DEFAULT 0,
    lease_until bigint,
    attempts bigint NOT NULL DEFAULT 0,
    reference bytea,
    order_key text,
    labels text,
    created_at bigint NOT NULL,
    data bytea NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.05
);

-- A claim jumps from lane to lane and takes the oldest due of each.
CREATE INDEX {prefix}job_ready ON {prefix}job (queue, lane, due_at, id) WHERE state = 1;
-- Whose time has come; and how long until the next.
CREATE INDEX {prefix}job_scheduled ON {prefix}job (queue, due_at) WHERE state = 0;
-- The scheduled jobs of one lane, to call them off. Jobs that are never retried are never in it.
CREATE INDEX {prefix}job_scheduled_lane ON {prefix}job (queue, lane, due_at) WHERE state = 0;
-- How many run in a lane; a rescue reads it whole, which is as many entries as jobs run.
CREATE INDEX {prefix}job_running ON {prefix}job (queue, lane, lease_until) WHERE state = 2;
-- All jobs about one thing.
CREATE INDEX {prefix}job_reference ON {prefix}job (reference, id) WHERE reference IS NOT NULL;

-- Finished jobs. state: 3 done, 4 failed, 5 cancelled.
CREATE TABLE {prefix}finished_job (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    lane bytea NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 3 AND 5),
    due_at bigint NOT NULL,
    claim bigint NOT NULL,
    attempts bigint NOT NULL,
    reference bytea,
    order_key text,
    labels text,
    created_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    data bytea NOT NULL
);

-- What is old enough to be forgotten.
CREATE INDEX {prefix}finished_job_age ON {prefix}finished_job (queue, finished_at);
-- The history of a lane, by id.
CREATE INDEX {prefix}finished_job_lane ON {prefix}finished_job (queue, lane, id);
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}finished_job_failed ON {prefix}finished_job (queue, lane, finished_at, id) WHERE state = 4;
-- All jobs about one thing.
CREATE INDEX {prefix}finished_job_reference ON {prefix}finished_job (reference, id) WHERE reference IS NOT NULL;
