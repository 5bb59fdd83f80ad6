# SPDX-License-Identifier: GPL-3.0-or-later
# sh data/quickstart.sh: from a bare Debian to the first stripped message and its audit. Installs
# missing packages; apart from that, writes only below build/.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build
work=$build/quickstart
database=$work/audit.db
barefrom=$build/barefrom

say() { printf '\n==> %s\n' "$*"; }
give_up() {
	printf '\nquickstart: %s\n' "$*" >&2
	exit 1
}

say 'Packages: what is missing is installed with apt-get'
sh "$root/tests/packages.sh" build || give_up 'cannot build without these packages'
echo 'All packages are installed.'

say "Build in $build"
if [ ! -f "$build/build.ninja" ]; then
	meson setup "$build" "$root" || give_up 'meson could not set up the build, see above'
fi
programs=barefrom
grep -q barefrom-milter "$build/build.ninja" && programs="$programs barefrom-milter"
# shellcheck disable=SC2086
meson compile -C "$build" $programs ||
	give_up "the build failed, see above; if $build was made elsewhere or by another user, remove it first"
[ -x "$barefrom" ] || give_up "the build did not produce $barefrom"
"$barefrom" --version

rm -rf "$work" && mkdir "$work" || give_up "cannot write to $build"

# sender_fields FILE: prints From, Sender and Reply-To of the head, with their continuation lines.
sender_fields() {
	awk '{ line = $0; sub(/\r$/, "", line) }
		line == "" { exit }
		/^[^ \t]/ { shown = tolower(line) ~ /^(from|sender|reply-to)[ \t]*:/ }
		shown { print line }' "$1"
}

# filter NAME: passes one sample through the filter, and shows what that did to it.
filter() {
	before=$root/data/samples/$1 after=$work/$1
	say "data/samples/$1"
	[ -r "$before" ] || give_up "$before is missing"
	echo "\$ barefrom filter -o trusted-by=mx.example.org -o database=build/quickstart/audit.db <data/samples/$1"
	"$barefrom" filter -o trusted-by=mx.example.org -o "database=$database" <"$before" >"$after" ||
		give_up "barefrom failed on $1, see above"
	if cmp -s "$before" "$after"; then
		echo 'Nothing changed; the sender fields, as they came and as they went out:'
		sender_fields "$after" | sed 's/^/    /'
	else
		echo 'The sender fields, "-" as they came, "+" as they went out:'
		sender_fields "$before" >"$work/before"
		sender_fields "$after" >"$work/after"
		diff -U 1000 "$work/before" "$work/after" | sed '1,3d; s/^./  & /' || :
	fi
}

say 'Four messages, as the mail server mx.example.org would hand them over'
filter forged.eml
filter forged-encoded.eml
filter forged-reply-to.eml
filter authenticated.eml

# ask QUESTION QUERY: prints the audit's answer, by the ordinary SQLite shell.
ask() {
	say "$1"
	printf '$ sqlite3 -readonly -box build/quickstart/audit.db "%s"\n' "$2"
	sqlite3 -batch -readonly -box "$database" "$2" || give_up 'the audit could not be read, see above'
}

ask 'The audit: what was decided, and why?' \
	'SELECT id, verdict, reason, action, outcome, from_before, from_after
  FROM history'
ask 'Which fields were changed, and which names went?' \
	'SELECT message, field, action, display_names, addresses
  FROM edit ORDER BY id'
ask 'How many messages of each kind?' \
	'SELECT verdict, action, count(*) AS messages
  FROM history GROUP BY verdict, action'

say 'Done'
cat <<END
The program is $barefrom
The output is in $work
Next: build/barefrom explain data/samples/forged.eml; man data/barefrom.1
END
