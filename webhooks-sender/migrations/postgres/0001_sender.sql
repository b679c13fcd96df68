-- To a planner that believes a table to be empty all its indexes cost the same, and the plan is kept. So a column stands
-- plainly in one index only, and in the others as an expression: each statement has one index that fits it.

-- Who wants which events. Secrets may be encrypted; settings are JSON.
CREATE TABLE {prefix}subscriptions (
    id bytea NOT NULL PRIMARY KEY,
    owner text NOT NULL,
    target text NOT NULL,
    settings text NOT NULL,
    secrets bytea NOT NULL,
    -- The id of the key that sealed them; empty where there was no key.
    sealing_key text COLLATE "C" NOT NULL,
    state text NOT NULL,
    -- The key in the configuration, for a static subscription.
    static_key text UNIQUE,
    failures bigint NOT NULL DEFAULT 0,
    failing_since bigint,
    -- How much of the rule of deactivation was warned of, in percent.
    warned bigint NOT NULL DEFAULT 0,
    -- When it ends by itself.
    expires bigint,
    -- The key under which the application keeps it.
    own_key text,
    -- What made the request for it repeatable.
    request_key text,
    created bigint NOT NULL,
    changed bigint NOT NULL,
    -- Counts changes, so that workers know when what they keep in memory is old.
    revision bigint NOT NULL DEFAULT 1
);

-- What they hold back, for a health check. Few are paused, and their state changes seldom.
CREATE INDEX {prefix}subscriptions_paused ON {prefix}subscriptions (state, id) WHERE state = 'paused';
-- Pages of one owner's subscriptions, and removal with the owner.
CREATE INDEX {prefix}subscriptions_by_owner ON {prefix}subscriptions (owner, (id || ''));
-- Those that are not active: few, and their state changes seldom.
CREATE INDEX {prefix}subscriptions_by_state ON {prefix}subscriptions (state, (id || '')) WHERE state <> 'active';
CREATE INDEX {prefix}subscriptions_by_owner_state ON {prefix}subscriptions ((owner || ' ' || state), ('' || id))
    WHERE (state || '') <> 'active';

-- What ends next.
CREATE INDEX {prefix}subscriptions_by_expiry ON {prefix}subscriptions (expires) WHERE expires IS NOT NULL AND state <> 'expired';
-- What the application keeps under a key.
CREATE UNIQUE INDEX {prefix}subscriptions_by_own_key ON {prefix}subscriptions (owner, own_key) WHERE own_key IS NOT NULL;
-- Asking for a subscription twice.
CREATE UNIQUE INDEX {prefix}subscriptions_by_request ON {prefix}subscriptions (owner, request_key) WHERE request_key IS NOT NULL;
-- What is sealed with which key: looked at when a sender starts, and when all is sealed anew.
CREATE INDEX {prefix}subscriptions_by_key ON {prefix}subscriptions (sealing_key, (id || ''));

-- One row per pattern of a subscription that gets messages; none of a subscription's patterns includes another, so
-- that an event meets each subscription once. The primary key is the lookup of every send.
CREATE TABLE {prefix}patterns (
    owner text NOT NULL,
    pattern text NOT NULL,
    subscription bytea NOT NULL,
    PRIMARY KEY (owner, pattern, subscription)
);

-- Broadcasts, page by page.
CREATE INDEX {prefix}patterns_of_everyone ON {prefix}patterns ((pattern || ''), (subscription || ''));
-- Changing or removing a subscription.
CREATE INDEX {prefix}patterns_by_subscription ON {prefix}patterns (('' || subscription));

-- One row per message, however many subscriptions get it. An empty owner is everyone.
CREATE TABLE {prefix}messages (
    id bytea NOT NULL PRIMARY KEY,
    event text NOT NULL,
    owner text NOT NULL,
    -- 1: the body is the bare payload, the id is bound to the event, and the event may be told in a header.
    bare bigint NOT NULL,
    -- Method, parameters, content type as JSON; NULL for a POST of JSON without parameters.
    wire text,
    -- NULL: the retention has removed it.
    body bytea,
    created bigint NOT NULL,
    expires bigint,
    idempotency_key text,
    labels text,
    -- The message that this one repeats, under an id of its own.
    replay_of bytea
);

-- Pages of one owner's messages, newest first.
CREATE INDEX {prefix}messages_by_owner ON {prefix}messages (owner, (id || ''));
-- Sending twice with one key.
CREATE UNIQUE INDEX {prefix}messages_by_key ON {prefix}messages (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Work over many rows: replays, erasures, exchanging the sealing key. Done page by page; the row is the lease and the
-- progress. An empty owner is the operator.
CREATE TABLE {prefix}bulk_jobs (
    id bytea NOT NULL PRIMARY KEY,
    owner text NOT NULL,
    kind text NOT NULL,
    subscription bytea,
    message bytea,
    -- What was asked for, and how far it has come, as JSON.
    request text NOT NULL,
    progress text NOT NULL,
    dry_run bigint NOT NULL,
    state text NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    reason text,
    created bigint NOT NULL,
    finished bigint,
    -- When the next page may be done: later than now while a process has it.
    due bigint NOT NULL,
    -- How often a page was begun since the last one that was done.
    starts bigint NOT NULL DEFAULT 0,
    -- Counts the writes: a process that was too slow writes nothing.
    version bigint NOT NULL DEFAULT 1,
    -- What only one unfinished job may do.
    exclusive text UNIQUE
);

-- What is to be done next.
CREATE INDEX {prefix}bulk_jobs_due ON {prefix}bulk_jobs (due) WHERE state = 'running';
-- Pages of one owner's jobs, newest first.
CREATE INDEX {prefix}bulk_jobs_by_owner ON {prefix}bulk_jobs (owner, (id || ''));

-- Which job made a delivery again, for each of its generations.
CREATE TABLE {prefix}replayed (
    delivery bytea NOT NULL,
    generation bigint NOT NULL,
    job bytea NOT NULL,
    PRIMARY KEY (delivery, generation)
);

-- Who changed what, and when. The id begins with the time. An empty owner: it was done for all.
CREATE TABLE {prefix}audit (
    id bytea NOT NULL PRIMARY KEY,
    owner text NOT NULL,
    -- Who did it, as the application calls them; NULL for the application itself.
    actor text,
    action text NOT NULL,
    -- The id of what was changed.
    subject text NOT NULL,
    -- What can be shown of it, as JSON: the members that differ.
    before text,
    after text
);

-- Pages of one owner's trail, newest first.
CREATE INDEX {prefix}audit_by_owner ON {prefix}audit (owner, (id || ''));
-- What happened to one thing.
CREATE INDEX {prefix}audit_by_subject ON {prefix}audit (subject, ('' || id));

-- What a link gives to those who open it. The key is the hash of its one-time code, and once that was redeemed, the hash of
-- the session's token: neither can be read here.
CREATE TABLE {prefix}grants (
    hash bytea NOT NULL PRIMARY KEY,
    id bytea NOT NULL,
    owner text NOT NULL,
    -- What is granted, as the application wrote it.
    content text NOT NULL,
    is_code bigint NOT NULL,
    expires bigint NOT NULL,
    -- How long a session lasts, in milliseconds.
    lasts bigint NOT NULL
);

-- What is taken back from one owner.
CREATE INDEX {prefix}grants_by_owner ON {prefix}grants (owner);
-- What is over.
CREATE INDEX {prefix}grants_by_end ON {prefix}grants (expires);

-- How far the numbers of a subscription have come, where its deliveries are numbered.
CREATE TABLE {prefix}sequence (
    subscription bytea NOT NULL PRIMARY KEY,
    last bigint NOT NULL
) WITH (fillfactor = 50);

-- Which number a delivery has. It keeps it as long as it is kept itself.
CREATE TABLE {prefix}sequence_number (
    delivery bytea NOT NULL PRIMARY KEY,
    number bigint NOT NULL
);

-- What holds all deliveries back: a row while it does.
CREATE TABLE {prefix}pause (
    name TEXT NOT NULL PRIMARY KEY,
    since bigint NOT NULL,
    -- Who did it, as the application calls them; NULL for the application itself.
    actor TEXT
);
