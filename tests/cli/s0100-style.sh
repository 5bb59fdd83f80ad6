# SPDX-License-Identifier: GPL-3.0-or-later
# The tree's own rules: licence lines, head comments, format, man pages.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 6

cd "$SRCDIR" || exit 99
code=$(find src tests -name '*.[ch]' | sort)

without() { # without TEXT FILE...: the files that do not hold it in their first lines
	text=$1
	shift
	for file; do
		head -n 12 "$file" | grep -qF -e "$text" || echo "$file"
	done
}
# shellcheck disable=SC2086
{
	is 'each source file begins with its licence' \
		"$(without 'SPDX-License-Identifier: GPL-3.0-or-later' $code $(find src tests data .ci \
			-name '*.sh' -o -name '*.sql' -o -name '*.py' -o -name 'meson.build' -o -path '.ci/run'))" ''
	is 'each file of src says what it may and must not know, and how it fails' \
		"$(without 'May know:' $(find src -name '*.c'); without 'Fails:' $(find src -name '*.c'))" ''
	is 'no include climbs out of its folder' "$(grep -n '#include "\.\./' $code)" ''
	clang-format --dry-run --Werror $code >"$tmp/format" 2>&1
	is 'clang-format has nothing to change' "$(grep -c 'error:' "$tmp/format")" 0
}
for page in data/barefrom.1 data/barefrom.conf.5; do
	is "mandoc has nothing to say about $page" "$(mandoc -Tlint -Wwarning $page 2>&1)" ''
done
