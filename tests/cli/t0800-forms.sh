# SPDX-License-Identifier: GPL-3.0-or-later
# The program does what the table of forms in the man page says.
. "${SRCDIR:?}/tests/cli/lib.sh"

# Pairs of lines, as mandoc(1) would show them.
sed -n '/^\.Sh FORMS/,/^\.Sh [^F]/p' "$SRCDIR/data/barefrom.1" |
	sed -n '/^\.Bd -literal/,/^\.Ed/p' | sed -e '/^\./d' -e 's/^\\&//' -e 's/\\e/\\/g' >forms
points_there=$(($(wc -l <forms) / 2))
plan $((points_there + 1))
ok 'the table is long, and of pairs' eval '[ $points_there -ge 45 ] && [ $(wc -l <forms) = $((2 * points_there)) ]'
while IFS= read -r form && IFS= read -r want; do
	printf 'From: %s\n\nbody\n' "$form" >form.eml
	run filter -o database=a.db --sasl-username= <form.eml
	is "$form" "$status $(head -n 1 out)" "0 From: ${want#    }"
done <forms
