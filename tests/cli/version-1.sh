# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# A database of version 1, v1.db, and what it holds, v1.dump; sourced by the tests that migrate it.
old=18 # its messages
version() { sql "$1" 'PRAGMA user_version'; }
# shellcheck disable=SC2034
view_names="SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name)"

# copy FROM TO: with the log, as a power failure would leave it: whoever opens it, repairs it.
copy() {
	rm -f "$2" "$2-wal" "$2-shm"
	cp "$1" "$2" && if [ -e "$1-wal" ]; then cp "$1-wal" "$2-wal"; fi
}
# dump DATABASE: what was there in version 1, as statements; without what came after.
dump() {
	copy "$1" dump.db
	sqlite3 -bail dump.db "PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;
		DROP VIEW IF EXISTS forged_senders; DROP VIEW IF EXISTS daily; DROP VIEW IF EXISTS by_client;
		DELETE FROM message WHERE id > $old;
		DELETE FROM policy WHERE digest NOT IN (SELECT policy FROM message);
		UPDATE sqlite_sequence SET seq = $old WHERE name = 'message'" .dump 2>&1
}

sqlite3 v1.db <"$SRCDIR/tests/data/audit-v1.sql" >made
dump v1.db >v1.dump
