# SPDX-License-Identifier: GPL-3.0-or-later
# The traces in tests/data/traces, with the settings that barefrom.conf(5) names for each mail server:
# NAME.eml and NAME-*.eml show a login, which is accepted; *.forged.eml feign one, which is not;
# *.REASON.eml show none, with that reason. The same for archives.
. "${SRCDIR:?}/tests/cli/lib.sh"
traces=$SRCDIR/tests/data/traces
sed -n '/^\.Sh MAIL SERVERS/,/^\.Sh POLICY/p' "$SRCDIR/data/barefrom.conf.5" >page
sed -n 's/^\.Ss //p' page >servers
plan $(($(ls "$traces" | wc -l) + $(grep -c . servers) + 1))

# settings SERVER: prints those that the page shows, one on each line.
settings() { sed -n "/^\\.Ss $1\$/,/^\\.S[sh] /s/^\\.Dl \\([a-z-]*=.*\\)/\\1/p" page; }
# none REASON: prints the verdict for it, and it.
none() { case $1 in no-login) echo "anonymous, $1" ;; *) echo "unknown, $1" ;; esac; }
: >found
while read -r server; do
	name=$(printf '%s' "$server" | tr 'A-Z ' 'a-z-')
	set --
	settings "$server" >options
	while IFS= read -r option; do
		set -- "$@" -o "$option"
	done <options
	seen=0 held=0
	for file in "$traces/$name".eml "$traces/$name"-*.eml "$traces/$name".forged.eml; do
		[ -e "$file" ] || continue
		base=${file##*/}
		echo "$base" >>found
		run explain --json "$@" "$file"
		verdict=$(json out "d['verdict']")
		case $base in
		*.forged.eml)
			held=$((held + 1))
			ok "$base" eval '[ $status -eq 0 ] && [ "$verdict" != authenticated ]'
			;;
		*.no-login.eml | *.delivery-only.eml)
			reason=${base%.eml}
			is "$base" "$verdict, $(json out "d['reason']")" "$(none "${reason##*.}")"
			;;
		*)
			seen=$((seen + 1))
			is "$base" "$verdict" authenticated
			;;
		esac
	done
	ok "$server: settings, a login and a forgery" eval "[ $# -gt 0 ] && [ $seen -gt 0 ] && [ $held -gt 0 ]"
done <servers
sort found >got
ls "$traces" | LC_ALL=C sort >want
LC_ALL=C sort -o got got
ok 'each trace is one of a server on the page, once' diff want got
