# SPDX-License-Identifier: GPL-3.0-or-later
# src/core/fold-tables.h is what its generator makes from the Unicode version that it names.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 2

checked_in=$SRCDIR/src/core/fold-tables.h
make() { "$BUILDDIR/tests/fold-tables" >made.h; }
unicode() { sed -n 's/^#define FOLD_TABLES_UNICODE "\(.*\)"$/\1/p' "$1"; }

ok 'the generator runs' make
if [ "$(unicode made.h)" = "$(unicode "$checked_in")" ]; then
	same 'the tables are what it makes' made.h "$checked_in"
else
	points=$((points + 1))
	echo "ok $points - the tables are what it makes # SKIP libicu has Unicode $(unicode made.h)"
fi
