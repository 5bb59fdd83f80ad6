# SPDX-License-Identifier: GPL-3.0-or-later
# Modes of new files, whatever the umask; links planted by others are not followed.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 42

modes() { stat -c '%n %a' -- "$@" | tr '\n' ' '; }
{ echo 'From x@x.example Tue Nov 24 10:00:00 2026'; cat forged.eml; } >forged.mbox

for mask in 000 077; do
	rm -rf made
	(umask 022 && mkdir made)
	umask $mask
	run filter -o database=made/audit.db <forged.eml
	is "umask $mask: the filter works" "$status" 0
	is "umask $mask: its files" "$(modes made/*)" \
		'made/audit.db 640 made/audit.db-shm 640 made/audit.db-wal 640 '
	run audit init -o database=made/init.db
	is "umask $mask: those of audit init" "$(modes made/init.*)" \
		'made/init.db 640 made/init.db-shm 640 made/init.db-wal 640 '

	run mbox -o database=made/audit.db --output=made/new.mbox forged.mbox
	is "umask $mask: mbox --output" "$status $(modes made/new.mbox)" '0 made/new.mbox 600 '
	for mode in 600 664; do
		cp forged.mbox made/old.mbox 2>why && chmod $mode made/old.mbox forged.mbox
		run mbox -o database=made/audit.db -o trusted-by=mx.example.org --in-place made/old.mbox
		is "umask $mask: mbox --in-place keeps $mode" "$status $(modes made/old.mbox)" \
			"0 made/old.mbox $mode "
		ok "umask $mask: and has written" grep -q '^From: ceo@corp.example' made/old.mbox
		rm -f made/old.mbox
	done
	umask 022
	is "umask $mask: nothing else is left" "$(cd made && echo *)" \
		'audit.db audit.db-shm audit.db-wal init.db init.db-shm init.db-wal new.mbox'
done

# Links beside the database: to somebody else's file, and to nothing.
echo precious >victim
chmod 600 victim
before=$(stat -c '%a %s %Y %Z' victim)
untouched() { is "$1: what it leads to stays" "$(stat -c '%a %s %Y %Z' victim) $(cat victim)" "$before precious"; }

# Beside an empty database, SQLite deletes what it takes for remains of an older one: the link.
not_followed() { deferred || { [ "$status" -eq 0 ] && cmp out bare.eml && [ ! -L "planted/audit.db$suffix" ]; }; }
for suffix in '' -wal -shm -journal; do
	rm -rf planted && mkdir planted
	ln -s ../victim "planted/audit.db$suffix"
	run filter -o database=planted/audit.db <forged.eml
	ok "a link planted as audit.db$suffix before the first use" not_followed
	untouched "a link planted as audit.db$suffix"

	rm -f planted/*
	ln -s ../none "planted/audit.db$suffix"
	run filter -o database=planted/audit.db <forged.eml
	ok "one that leads to nothing: audit.db$suffix" test "$status" = 75 -a ! -e none
done
for suffix in -wal -shm -journal; do
	rm -rf planted && mkdir planted
	run filter -o database=planted/audit.db <forged.eml
	# The owner's sqlite3 takes its companions away, and so makes room.
	sqlite3 planted/audit.db 'PRAGMA wal_checkpoint(TRUNCATE)' >ignored
	rm -f "planted/audit.db$suffix"
	ln -s ../victim "planted/audit.db$suffix"
	run filter -o database=planted/audit.db <forged.eml
	ok "a link planted as audit.db$suffix later" deferred
	untouched "a link planted as audit.db$suffix later"
	rm -f "planted/audit.db$suffix"
	run filter -o database=planted/audit.db <forged.eml
	is "without audit.db$suffix all is well" \
		"$status $(sql planted/audit.db 'SELECT count(*) FROM message')" '0 2'
done

# The temporary directory, in which a large message waits in an unnamed file.
mkdir shared
for name in barefrom barefrom-XXXXXX barefrom-000000 etilqs_0000000000000000; do
	ln -s ../victim "shared/$name"
done
ls shared >names
printf '#!/bin/sh\nls "${0%%/*}/shared" >"${0%%/*}/seen"\ncat >"${0%%/*}/input"\n' >sendmail
chmod +x sendmail
{ cat forged.eml; head -c 3000000 /dev/zero | tr '\0' '\n'; } >large.eml
TMPDIR=$tmp/shared run filter -o database=made/audit.db -o "sendmail=$tmp/sendmail" \
	-f s@x.example -- a@y.example <large.eml
is 'a large message is sent' "$status $(grep -c '^From: ceo@corp.example$' input)" '0 1'
same 'and has no name while it waits' seen names
untouched 'links in the temporary folder'
