# SPDX-License-Identifier: GPL-3.0-or-later
# The tree's own rules: licence lines, head comments, includes, format, man pages.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 12

# in_tree COMMAND...: runs it in the checkout, which no test writes to.
in_tree() (cd "$SRCDIR" && "$@" 2>&1)

# without TEXT: prints those of the files named on standard input that do not have it near their start.
without() (
	cd "$SRCDIR" || exit
	while read -r file; do
		head -n 12 "$file" | grep -qF -e "$1" || echo "$file"
	done
)
code() { in_tree find src tests -name '*.[ch]'; }
scripts() {
	in_tree find src tests data .ci '(' -name '*.sh' -o -name '*.sql' -o -name '*.py' \
		-o -name 'meson.build' -o -path .ci/run ')'
}

is 'each source file begins with its licence' \
	"$({ code; scripts; } | without 'SPDX-License-Identifier: GPL-3.0-or-later')" ''
is 'each file of src says what it may and must not know, and how it fails' \
	"$(in_tree find src -name '*.c' >files; without 'May know:' <files; without 'Fails:' <files)" ''
is 'no include climbs out of its folder' "$(in_tree grep -rn '#include "\.\./' src tests)" ''
# shellcheck disable=SC2046
is 'clang-format has nothing to change' "$(in_tree clang-format --dry-run --Werror $(code))" ''
for page in data/barefrom.1 data/barefrom-to-postgresql.1 data/barefrom-milter.8 data/barefrom.conf.5; do
	is "mandoc has nothing to say about $page" "$(in_tree mandoc -Tlint -Wwarning $page)" ''
done
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$SRCDIR/meson.build")
is 'NEWS begins with this version' "$(head -n 1 "$SRCDIR/NEWS")" "barefrom $version"
is 'so does the changelog of the package' \
	"$(sed -n '1s/^barefrom (\([^-)]*\).*/\1/p' "$SRCDIR/data/debian/changelog")" "$version"
# -L: words of SQL, mdoc, formats and German names that codespell takes for mistakes.
is 'codespell finds no word misspelt' \
	"$(in_tree codespell -q 3 -L iif,nd,ue,crypted src data README.md NEWS CONTRIBUTING.md SECURITY.md)" ''
is 'each mutant of tests/mutate.sh finds what it breaks' "$(in_tree sh tests/mutate.sh -n)" ''
