# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom-milter(8) against the program: options, settings, log lines, replies, exit statuses. The
# reasons are in test-man.c.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 21
page=$SRCDIR/data/barefrom-milter.8
milter=${BAREFROM_MILTER:?}

section() { sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page"; }
equal() { ok "$1" diff -u "$2" "$3"; }

# Options, each way.
"$milter" --help >help
sed -n 's/^  .*--\([a-z][a-z-]*\).*/\1/p' help | sort -u >want
section OPTIONS | sed -n 's/.*Fl -\([a-z][a-z-]*\).*/\1/p' | sort -u >got
equal 'OPTIONS has every option of --help and no other' got want
sed -n 's/^  -\([a-z]\),.*/\1/p' help | sort -u >want
section OPTIONS | sed -n 's/^\.It Fl \([a-z]\) .*/\1/p' | sort -u >got
equal 'and every letter' got want
sed -n -e 's/^  -h, .*/-help/p' -e 's/^  -\([a-z]\), .*/\1/p' -e 's/^  --\([a-z-]*\).*/-\1/p' help | sort -u >want
section SYNOPSIS | grep -o 'Fl [a-z-]*' | cut -c 4- | sort -u >got
equal 'and so has SYNOPSIS' got want
ok 'the help names the page' grep -qF 'barefrom-milter(8)' help
is 'in UTF-8 it has the signs of UTF-8' "$(LC_ALL=C.UTF-8 "$milter" --help | sed -n 2p)" '  barefrom-milter [OPTION…]'
is '--version' "$("$milter" --version)" "barefrom-milter $("$BAREFROM" --version | sed 's/^barefrom //')"

# Settings: those of [milter], and what is said about them at a reload.
bf config | sed -n '/^\[milter\]$/,$s/^\([a-z-]*\)=.*/\1/p' >keys
is 'there are keys of [milter]' "$(wc -l <keys | tr -d ' ')" 6
while read -r key; do
	grep -Eq "^\.(It )?(Cm|Li).*(^| )$key( |=|\$)" "$page" || echo "$key"
done <keys >missing
ok 'each is in the page' diff /dev/null missing
sed -n '/^needs_restart/,/^}/p' "$SRCDIR/src/milter/server.c" | grep -o '[>.]\(database\|path\|mode\|group\)\b' |
	cut -c 2- | sed -e 's/^path$/listen/' -e 's/^\(mode\|group\)$/socket-\1/' | sort -u >want
section SIGNALS | sed -n '/^Only$/,/^take a restart/p' | sed -n 's/^\.Cm //p' | tr -d ',' | tr ' ' '\n' | sed '/^$/d' | sort -u >got
equal 'those that take a restart' got want

# Lines of the log, and replies: those in the page are those that the source prints.
cat >formats.py <<'END'
"""Prints the lines of standard input that no string literal of the files fits, `%...` being anything."""
import re
import sys

text = ''.join(open(name, encoding='utf-8').read() for name in sys.argv[1:])
text = re.sub(r'"\s*\n\s*"', '', text.replace('" G_GINT64_FORMAT "', 'd'))
patterns = []
for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text):
    parts = re.split(r'%[a-z]*[sdu]', literal)
    if len(re.sub(r'\W', '', ''.join(parts))) >= 8:
        patterns.append('.+'.join(re.escape(part) for part in parts))
whole = re.compile('|'.join(patterns))
for line in sys.stdin.read().splitlines():
    if not whole.fullmatch(line):
        print(line)
END
unknown() { python3 formats.py "$SRCDIR"/src/milter/*.c; }
section LOG | sed -n 's/^\.It Li //p' | sed 's/^"\(.*\)"$/\1/' >log.lines
ok 'LOG has lines' test "$(wc -l <log.lines)" -ge 12
# These are joined from several texts; a run shows two of them, below.
grep -v -e '^4dFh3K5vWQz7xR[56]: ' -e 'another process answers' log.lines | unknown >others
ok 'each is printed somewhere' diff /dev/null others
section REPLIES | sed -n -e 's/^\.It Li \([45].*\)/\1/p' -e 's/^\.It Dq \(.*\)/451 4.3.0 barefrom: \1/p' |
	grep -v 'Ar reason' | tr -d '"' >replies
is 'REPLIES has them' "$(wc -l <replies | tr -d ' ')" 3
unknown <replies >others
ok 'each is sent somewhere' diff /dev/null others
# What the pages for Postfix quote from the log.
cat "$SRCDIR"/data/postfix/*.md | tr '\n' ' ' | grep -oE 'log (must say|says) `[a-z][a-z ]{19,}`' |
	sed 's/^[^`]*`\(.*\)`$/\1/' | sort -u >quoted
ok 'they quote it' test -s quoted
unknown <quoted >others
ok 'each is printed somewhere, too' diff /dev/null others

# Exit statuses: those of the table in exits.c, except for what a milter never does.
section 'EXIT STATUS' | sed -n 's/^\.It \([1-9][0-9]*\)$/\1/p' >got
printf '%s\n' 64 73 74 75 78 >want
equal 'the exit statuses' got want

# The examples of the log are what the milter prints.
printf '[policy]\nscope=domains\ndomains=corp.example\n[milter]\nlisten=unix:%s/sock\n' "$tmp" >m.conf
"$milter" -c m.conf -o socket-group= -o database=a.db 2>log &
server=$!
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	grep -q 'listens on' log && break
	sleep 0.5
done
send() { python3 "$SRCDIR/tests/milter/mta.py" "unix:$tmp/sock" "$@" >/dev/null 2>&1; }
send --queue-id 4dFh3K5vWQz7xQ9 <forged.eml
send --queue-id 4dFh3K5vWQz7xR1 --login jane <forged.eml
printf 'From: "Jane Doe" <x@freemail.example>\n\nhi\n' | send --queue-id 4dFh3K5vWQz7xR2
awk 'BEGIN { printf "From: "; for (i = 0; i < 4000; i++) printf "\"A\" <someone%d@corp.example>, ", i; print "a@b.example\n\nhi" }' |
	send --queue-id 4dFh3K5vWQz7xR6
"$milter" -c m.conf -o socket-group= -o database=a.db 2>second
kill "$server"
wait "$server"
{
	section LOG | sed -n '/^\.Bd/,/^\.Ed/p' | grep '^4'
	sed -n '/xR6: /{s/replaced, unreadable/stripped, domains/;s/audit id 6/audit id 4/;p;}' log.lines
} >want
sed -n 's/^barefrom-milter: \(4dFh\)/\1/p' log >got
equal 'the examples of the log' got want
is 'and of a second one' "$(cat second)" \
	"barefrom-milter: $(grep 'another process answers' log.lines | sed "s|/run/barefrom/milter.sock|$tmp/sock|")"

# A start that fails, with the database that a service has, and with another. As no root, who may do all.
let_nobody_in
cp "$milter" milter && chmod 755 milter
chmod 600 a.db
printf '[audit]\ndatabase=%s/a.db\n' "$tmp" >>m.conf
chmod 644 m.conf
[ "$(id -u)" = 0 ] || chmod 000 a.db
for option in '' --check; do
	# shellcheck disable=SC2086
	as_nobody "$tmp/milter" -c m.conf -o "listen=unix:$tmp/none/sock" $option 2>third
	is "a start without rights fails: $option" "$? $(sed "s|$tmp|/var/lib/barefrom|" third)" \
		"73 barefrom-milter: $(sed -n '/Permission denied/s|lib/barefrom/audit|lib/barefrom/a|p' log.lines)"
done
as_nobody "$tmp/milter" -c empty.conf -o "listen=unix:$tmp/none/sock" 2>third
is 'a service is not told of -o' "$? $(sed 's/.* (\([^(]*\))$/\1/' third)" '73 run barefrom audit check as root'
