-- Unfinished jobs. state: 0 scheduled (waits for its time), 1 ready (waits for its turn), 2 running.
-- Every row is written three times and deleted, so the vacuum comes early and does not doze.
CREATE TABLE {prefix}job (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    lane bytea NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
    due_at bigint NOT NULL,
    generation bigint NOT NULL DEFAULT 0,
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

-- Finished jobs, each with its last attempt if one was made. state: 3 done, 4 failed, 5 cancelled.
-- A partition for each day is made by the program and dropped whole. The ids of jobs begin with their time, so that a
-- partition is a range of them, and the primary key stays what it is. What no partition was made for is in the default one.
CREATE TABLE {prefix}history (
    id bytea NOT NULL PRIMARY KEY,
    queue text COLLATE "C" NOT NULL,
    lane bytea NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 3 AND 5),
    generation bigint NOT NULL,
    attempts bigint NOT NULL,
    claim bigint NOT NULL,
    due_at bigint NOT NULL,
    created_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    reference bytea,
    order_key text,
    labels text,
    data bytea NOT NULL,
    tried_at bigint,
    duration_ms bigint,
    status bigint,
    error text
) PARTITION BY RANGE (id);
CREATE TABLE {prefix}history_default PARTITION OF {prefix}history DEFAULT;

-- The history of a lane, by id. The id is not a plain column here: to a planner that believes the table to be empty all
-- indexes cost the same, and it would look for one id in this one.
CREATE INDEX {prefix}history_lane ON {prefix}history (lane, (id || ''));
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}history_failed ON {prefix}history (lane, finished_at, id) WHERE state = 4;

-- The attempts that are not the last of a finished job: failed ones, mostly.
CREATE TABLE {prefix}attempt (
    job bytea NOT NULL,
    generation bigint NOT NULL,
    number bigint NOT NULL,
    lane bytea NOT NULL,
    at bigint NOT NULL,
    duration_ms bigint NOT NULL,
    status bigint,
    error text,
    PRIMARY KEY (job, generation, number)
) PARTITION BY RANGE (job);
CREATE TABLE {prefix}attempt_default PARTITION OF {prefix}attempt DEFAULT;

-- The attempts of a lane, by job; not a plain column for the same reason.
CREATE INDEX {prefix}attempt_lane ON {prefix}attempt (lane, (job || ''), generation, number);

-- What came back for an attempt, apart from it because it is forgotten earlier. The key begins with the attempt's time.
CREATE TABLE {prefix}answer (
    at bigint NOT NULL,
    job bytea NOT NULL,
    generation bigint NOT NULL,
    number bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (at, job, generation, number)
) PARTITION BY RANGE (at);
CREATE TABLE {prefix}answer_default PARTITION OF {prefix}answer DEFAULT;
