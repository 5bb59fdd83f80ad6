# SPDX-License-Identifier: GPL-3.0-or-later
# audit metrics by Prometheus' own tool: promtool can read the output, and finds no name or help text
# against its conventions. MTA_ROOTS holds what tests/packages.sh has unpacked.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 5
promtool=$(command -v promtool) || promtool=${MTA_ROOTS:=${BUILDDIR:-/nowhere}/mta}/prometheus/usr/bin/promtool
if [ ! -x "$promtool" ]; then
	echo "Bail out! There is no promtool. Run: sh tests/packages.sh prometheus $MTA_ROOTS/prometheus," \
		'and set MTA_ROOTS to the folder above that.'
	exit 99
fi
# accepts: gives promtool what bf wrote last, and prints what promtool says, and its status.
accepts() {
	"$promtool" check metrics <out 2>&1
	echo "status $?"
}

run audit init -o database=a.db
run audit metrics -o database=a.db
is 'an empty audit' "$(accepts)" 'status 0'
run filter -o database=a.db <forged.eml
run filter -o database=a.db --sasl-username=jane <forged.eml
run audit metrics -o database=a.db
is 'one with rows' "$(accepts)" 'status 0'
sqlite3 a.db "PRAGMA ignore_check_constraints = ON; UPDATE message SET outcome = 'a\"b\\c' || char(10) || 'd'"
run audit metrics -o database=a.db
is 'one with an odd word' "$(accepts)" 'status 0'
sed -i 's/^# HELP barefrom_build_info .*//' out
ok 'what is missing would be seen' sh -c '[ "$1" != "status 0" ]' - "$(accepts)"
run audit metrics -o database=a.db
sed -i 's/audit_pending_rows/audit_pending_total/' out
ok 'and a wrong name' sh -c '[ "$1" != "status 0" ]' - "$(accepts)"
