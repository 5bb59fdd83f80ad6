# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Databases of older versions, and what they hold; the tests that migrate them source this.
newest=3
# shellcheck disable=SC2034
all_views='by_client daily forged_senders history incidents names'
version() { sql "$1" 'PRAGMA user_version'; }
# shellcheck disable=SC2034
view_names="SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name)"

# copy FROM TO: copies it with its log, as a power failure would leave it: opening it repairs it.
copy() {
	rm -f "$2" "$2-wal" "$2-shm"
	cp "$1" "$2" && if [ -e "$1-wal" ]; then cp "$1-wal" "$2-wal"; fi
}

# make_old VERSION: makes old.db, old.dump with its rows, and $old, the number of its messages.
make_old() {
	rm -f old.db old.db-wal old.db-shm
	sqlite3 old.db <"$SRCDIR/tests/data/audit-v$1.sql" >made
	old=$(sql old.db 'SELECT max(id) FROM message')
	for table in policy run message recipient edit; do
		sql old.db "SELECT group_concat(name, ', ') FROM pragma_table_info('$table')" >"$table.columns"
	done
	dump old.db >old.dump
}

# dump DATABASE: prints the rows and columns that the old version had, as statements.
dump() {
	copy "$1" dump.db
	while read -r table which; do
		sqlite3 -bail dump.db ".mode insert $table" \
			"SELECT $(cat "$table.columns") FROM $table WHERE $which ORDER BY 1, 2" 2>&1
	done <<-END
		policy digest IN (SELECT policy FROM message WHERE id <= $old)
		run true
		message id <= $old
		recipient message <= $old
		edit message <= $old
	END
}
