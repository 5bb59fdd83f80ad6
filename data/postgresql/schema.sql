-- SPDX-License-Identifier: GPL-3.0-or-later
-- The audits of many hosts in one database of PostgreSQL 15 or later, which has no other use:
--   psql -d barefrom -f schema.sql
-- Again does no harm, and is how a newer one comes in. README.md beside it says the rest.
--
-- Tables, columns and views are those of the audit, barefrom(1); `audit` says of which file a row is, and
-- its ids are unique in that one alone. What differs: times are timestamptz, in_scope and settles boolean,
-- lists jsonb, before and after bytea.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
SET LOCAL search_path = public, pg_temp;

DO $$
BEGIN
	IF current_setting('server_encoding') <> 'UTF8' THEN
		RAISE 'this database has the encoding %, and audits need UTF8: createdb -T template0 -E UTF8',
			current_setting('server_encoding');
	END IF;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Up to where each audit is here: messages and runs with a greater id are still to come.
CREATE TABLE IF NOT EXISTS loaded (
	audit    uuid PRIMARY KEY,
	last_id  bigint NOT NULL,
	last_run bigint NOT NULL
);

-- stripped counts replaced messages, too.
CREATE TABLE IF NOT EXISTS run (
	audit       uuid,
	id          bigint,
	host        text,
	started_at  timestamptz NOT NULL,
	finished_at timestamptz,
	command     text NOT NULL,
	input       text,
	version     text NOT NULL,
	messages    bigint NOT NULL,
	stripped    bigint NOT NULL,
	status      text NOT NULL,
	settles     boolean NOT NULL,
	PRIMARY KEY (audit, id)
);

CREATE TABLE IF NOT EXISTS message (
	audit              uuid,
	id                 bigint,
	at                 timestamptz,
	host               text,
	source             text NOT NULL,
	run                bigint,
	queue_id           text,
	message_id_header  text,
	envelope_from      text,
	client_address     text,
	verdict            text NOT NULL,
	reason             text NOT NULL,
	evidence           text,
	auth_user          text,
	in_scope           boolean NOT NULL,
	action             text NOT NULL,
	outcome            text NOT NULL,
	size               bigint,
	from_before        text,
	from_after         text,
	head_before_sha256 text,
	head_after_sha256  text,
	signatures         jsonb NOT NULL,
	policy             text,
	peer               text,
	helo               text,
	received_at        timestamptz,
	from_name          text,
	from_address       text,
	scope              text,
	person             text,
	PRIMARY KEY (audit, id, at)
) PARTITION BY RANGE (at);
CREATE INDEX IF NOT EXISTS message_at ON message (at);
-- Mail chooses some of these, and a B-tree takes no text over 2,700 octets.
CREATE INDEX IF NOT EXISTS message_queue_id ON message USING hash (queue_id);

-- `id` counts from 1 within a message.
CREATE TABLE IF NOT EXISTS edit (
	audit         uuid,
	message       bigint,
	at            timestamptz,
	id            bigint,
	field         text NOT NULL,
	nth           bigint NOT NULL,
	action        text NOT NULL,
	before        bytea NOT NULL,
	after         bytea NOT NULL,
	display_names jsonb NOT NULL,
	addresses     jsonb NOT NULL,
	position      bigint,
	PRIMARY KEY (audit, message, at, id)
) PARTITION BY RANGE (at);

CREATE TABLE IF NOT EXISTS recipient (
	audit   uuid NOT NULL,
	message bigint NOT NULL,
	at      timestamptz NOT NULL,
	address text NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX IF NOT EXISTS recipient_message ON recipient (audit, message);

-- Makes the partitions of these months (the first day of each) that are missing, for loaders, who own no
-- table. A partition is attached, since to create it as one would wait for all who read the table, and
-- let nobody in meanwhile. One that was detached may keep its name.
CREATE OR REPLACE FUNCTION make_months(months date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	parent text;
	child text;
	month date;
BEGIN
	FOR parent, month IN
		SELECT p, date_trunc('month', m)::date
		  FROM unnest(ARRAY['message', 'edit', 'recipient']) WITH ORDINALITY AS t(p, n),
		       unnest(months) AS m ORDER BY n, m
	LOOP
		child := parent || to_char(month, '_YYYY_MM');
		CONTINUE WHEN has_month(parent, child);
		PERFORM pg_advisory_xact_lock(hashtextextended('barefrom: months', 0));
		CONTINUE WHEN has_month(parent, child);
		WHILE to_regclass(child) IS NOT NULL LOOP
			child := child || '_again';
		END LOOP;
		EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', child, parent);
		EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child,
			month::text || ' 00:00Z', (month + interval '1 month')::date::text || ' 00:00Z');
	END LOOP;
END $$;

-- Whether a partition of this name, or one made when that was taken, is attached.
CREATE OR REPLACE FUNCTION has_month(parent text, child text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
	SELECT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
	                WHERE i.inhparent = to_regclass(parent) AND c.relname ~ ('^' || child || '(_again)*$'))
$$;

-- A line of barefrom audit export as PostgreSQL can take it: what no text here can hold, which is U+0000
-- and half a surrogate pair, is U+FFFD. Only a hand that writes into an audit puts such a thing there.
CREATE OR REPLACE FUNCTION loadable(line text) RETURNS json
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM line::jsonb;
	RETURN line;
EXCEPTION WHEN untranslatable_character OR invalid_text_representation THEN
	RETURN regexp_replace(line, '(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})',
	                      '\1\\ufffd', 'g');
END $$;

-- Retention: CALL keep_months(6) drops the months before the six before this one, and the runs that ended
-- by then. No load brings any of it back. Each table by itself, so that nobody waits for two of them.
CREATE OR REPLACE PROCEDURE keep_months(n integer)
LANGUAGE plpgsql AS $$
DECLARE
	cutoff timestamptz := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - n * interval '1 month';
	parent text;
	child text;
BEGIN
	IF n IS NULL OR n < 0 THEN
		RAISE 'keep_months: say how many months to keep before this one';
	END IF;
	FOREACH parent IN ARRAY ARRAY['public.edit', 'public.recipient', 'public.message'] LOOP
		FOR child IN
			SELECT format('%I.%I', s.nspname, c.relname)
			  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
			       JOIN pg_namespace AS s ON s.oid = c.relnamespace
			 WHERE i.inhparent = parent::regclass
			       AND substring(pg_get_expr(c.relpartbound, c.oid) FROM $x$TO \('([^']+)'\)$x$)::timestamptz <= cutoff
		LOOP
			EXECUTE 'DROP TABLE ' || child;
			COMMIT;
		END LOOP;
	END LOOP;
	DELETE FROM public.run
	 WHERE coalesce(finished_at, started_at) < cutoff
	       AND (status <> 'running' OR started_at < now() - interval '7 days');
END $$;

-- The views of the audit. A message counts once, by its head and its queue id, whichever hosts saw it: by
-- `mail`. A written row counts only once its run is done, where the run does not settle each by itself.
CREATE OR REPLACE VIEW message_history AS
SELECT m.audit, m.id, m.at, m.host, m.queue_id, m.message_id_header, m.client_address, m.verdict, m.reason, m.in_scope,
       m.action,
       CASE WHEN m.outcome <> 'written' OR r.settles THEN m.outcome
            WHEN r.status = 'running' THEN 'pending'
            WHEN r.status = 'failed' THEN 'failed'
            ELSE m.outcome END AS outcome,
       m.from_before, m.from_after, m.peer, m.received_at, m.from_name, m.from_address, m.scope, m.person,
       (coalesce(m.head_before_sha256, m.audit || ' ' || m.id) || ' ' || coalesce(m.queue_id, '')) COLLATE "C" AS mail
  FROM message AS m LEFT JOIN run AS r ON r.audit = m.audit AND r.id = m.run;

-- Host and audit come behind the columns that the audit's own views have.
CREATE OR REPLACE VIEW history AS
SELECT id, at, queue_id, message_id_header, client_address, verdict, reason, action, outcome, from_before, from_after,
       peer, received_at, from_name, from_address, scope, person, host, audit
  FROM message_history;

CREATE OR REPLACE VIEW forged_senders AS
SELECT lower((a #>> '{}') COLLATE "C") AS address, count(DISTINCT h.mail) AS messages,
       left(string_agg(DISTINCT left(n #>> '{}', 100), '; '), 998) AS display_names,
       min(h.at) AS first_seen, max(h.at) AS last_seen
  FROM edit AS e JOIN message_history AS h ON h.audit = e.audit AND h.id = e.message AND h.at = e.at
       CROSS JOIN jsonb_path_query(e.addresses, '$[*]') AS a
       LEFT JOIN jsonb_path_query(e.display_names, '$[*]') AS n ON true
 WHERE h.verdict <> 'authenticated' AND h.outcome NOT IN ('deferred', 'failed')
       AND lower(e.field COLLATE "C") NOT IN ('to', 'cc')
 GROUP BY 1;

CREATE OR REPLACE VIEW daily AS
WITH RECURSIVE days (day) AS (
       SELECT (min(at) AT TIME ZONE 'UTC')::date FROM message
       UNION SELECT (SELECT (min(at) AT TIME ZONE 'UTC')::date FROM message
                      WHERE at >= (day + 1)::timestamp AT TIME ZONE 'UTC') FROM days WHERE day IS NOT NULL)
SELECT day, c.*
  FROM days CROSS JOIN LATERAL (
       SELECT count(DISTINCT mail) AS messages,
              count(DISTINCT mail) FILTER (WHERE verdict = 'authenticated') AS authenticated,
              count(DISTINCT mail) FILTER (WHERE verdict = 'anonymous') AS anonymous,
              count(DISTINCT mail) FILTER (WHERE verdict = 'unknown') AS unknown,
              count(DISTINCT mail) FILTER (WHERE action = 'stripped') AS stripped,
              count(DISTINCT mail) FILTER (WHERE action = 'replaced') AS replaced,
              count(DISTINCT mail) FILTER (WHERE action = 'kept') AS kept,
              count(DISTINCT mail) FILTER (WHERE action = 'refused') AS refused,
              count(DISTINCT mail) FILTER (WHERE outcome = 'deferred') AS deferred,
              count(DISTINCT mail) FILTER (WHERE outcome = 'failed') AS failed,
              count(DISTINCT mail) FILTER (WHERE outcome = 'pending') AS pending,
              count(DISTINCT mail) FILTER (WHERE outcome = 'dry-run') AS dry_run
         FROM message_history
        WHERE at >= day::timestamp AT TIME ZONE 'UTC' AND at < (day + 1)::timestamp AT TIME ZONE 'UTC') AS c
 WHERE day IS NOT NULL;

CREATE OR REPLACE VIEW by_client AS
SELECT client_address, count(DISTINCT mail) AS messages,
       count(DISTINCT mail) FILTER (WHERE verdict = 'anonymous') AS anonymous,
       count(DISTINCT mail) FILTER (WHERE verdict = 'authenticated') AS authenticated,
       count(DISTINCT mail) FILTER (WHERE action = 'stripped') AS stripped,
       count(DISTINCT mail) FILTER (WHERE action = 'replaced') AS replaced, max(at) AS last_seen
  FROM message_history
 WHERE client_address IS NOT NULL
 GROUP BY 1;

CREATE OR REPLACE VIEW names AS
SELECT from_name AS name, from_address AS address, count(DISTINCT mail) AS messages,
       count(DISTINCT mail) FILTER (WHERE verdict = 'authenticated') AS authenticated,
       count(DISTINCT mail) FILTER (WHERE verdict <> 'authenticated') AS unproved,
       count(DISTINCT mail) FILTER (WHERE action IN ('stripped', 'replaced')) AS changed,
       min(coalesce(received_at, at)) AS first_seen, max(coalesce(received_at, at)) AS last_seen
  FROM message_history
 WHERE from_name IS NOT NULL AND outcome NOT IN ('deferred', 'failed')
 GROUP BY 1, 2;

CREATE OR REPLACE VIEW incidents AS
SELECT coalesce(h.received_at, h.at) AS at, h.from_name AS name, h.from_address AS address, h.peer,
       (SELECT string_agg(r.address, ',' ORDER BY r.address COLLATE "C") FROM recipient AS r
         WHERE r.audit = h.audit AND r.message = h.id AND r.at = h.at) AS recipients,
       h.verdict, h.reason, h.scope, h.person, h.action, h.outcome, h.id, h.host, h.audit
  FROM message_history AS h
 WHERE h.verdict <> 'authenticated' AND h.in_scope AND h.outcome NOT IN ('deferred', 'failed');

-- Two groups. A loader adds rows and reads none of them; a reader reads all.
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['barefrom_loader', 'barefrom_reader'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', name);
		END IF;
	END LOOP;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
	NULL; -- another database of this server made it meanwhile
END $$;
REVOKE ALL ON FUNCTION make_months(date[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_months(date[]) TO barefrom_loader;
GRANT INSERT ON message, edit, recipient TO barefrom_loader;
GRANT SELECT, INSERT, UPDATE ON loaded, run TO barefrom_loader;
GRANT SELECT ON message, edit, recipient, run, loaded, history, message_history, forged_senders, daily,
	by_client, names, incidents TO barefrom_reader;
COMMIT;
