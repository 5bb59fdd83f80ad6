# SPDX-License-Identifier: GPL-3.0-or-later
# TAP for shell tests, and what several of them need; each sources it. BAREFROM is the program, SRCDIR
# the checkout. A test runs in an empty directory of its own, and never sees the machine's settings.
set -u
unset MAIL_CONFIG
[ -x "${BAREFROM:?}" ] && [ -d "${SRCDIR:?}" ] || { echo "Bail out! no program: $BAREFROM"; exit 99; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barefrom-cli.XXXXXX") || exit 99
trap 'cd / && rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
BAREFROM=$(CDPATH='' cd -- "$(dirname -- "$BAREFROM")" && pwd)/${BAREFROM##*/}
cd "$tmp" && : >empty.conf || exit 99
export HOME="$tmp" # no ~/.sqliterc
exec </dev/null
points=0 status=

plan() { echo "1..$1"; }

# point STATUS NAME: prints and counts a point; the file why explains a failure.
point() {
	points=$((points + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $points - $2"
	else
		failed=1
		echo "not ok $points - $2"
		head -c 2000 why | cat -v | sed 's/^/# /'
		echo
	fi
}

# ok NAME COMMAND...: the command succeeds.
ok() {
	point_label=$1
	shift
	"$@" >why 2>&1
	result=$?
	{ echo; echo "failed: $*"; run_facts; } >>why
	point $result "$point_label"
}

# is NAME GOT WANT
is() {
	[ "$2" = "$3" ]
	result=$?
	{ printf 'got:  %s\nwant: %s\n' "$2" "$3"; run_facts; } >why
	point $result "$1"
}

# same NAME FILE WANT: the two files are equal, byte for byte.
same() { ok "$1" cmp "$2" "$3"; }

run_facts() { echo "last run: $status"; echo 'its stderr:'; head -c 600 err 2>/dev/null; }

not() { ! "$@"; }
is_empty() { [ -e "$1" ] && [ ! -s "$1" ]; }
says() { grep -Eq -e "$1" "$2"; }           # says REGEX FILE
first_says() { head -n 1 "$2" | grep -Eq -e "$1"; } # first_says REGEX FILE

# bf ARGUMENT...: runs the program with its default settings.
bf() { "$BAREFROM" -c "$tmp/empty.conf" "$@"; }

# run ARGUMENT... <INPUT: runs bf, with its output in out and err and its exit status in $status.
run() {
	bf "$@" >out 2>err
	status=$?
}

# How the last run ended. clean: with 0 and no message; done_well [FILE]: the same, with that output.
clean() { [ "$status" -eq 0 ] && is_empty err; }
done_well() { clean && cmp out "${1-bare.eml}"; }
# deferred: with 75, as every failure of filter does.
deferred() { [ "$status" -eq 75 ] && is_empty out && first_says '^4\.[0-9]+\.[0-9]+ .' err; }
usage() { [ "$status" -eq 64 ] && is_empty out && says "$1" err; } # usage REGEX
fails() { [ "$status" -eq "$1" ] && [ "$(grep -c . err)" = 1 ] && says "$2" err; } # fails STATUS REGEX

# ten DATABASE: runs ten filters at once, each with out.N, err.N and status.N.
ten() {
	jobs=
	for i in 0 1 2 3 4 5 6 7 8 9; do
		{ bf filter -o "database=$1" <forged.eml >out.$i 2>err.$i; echo $? >status.$i; } &
		jobs="$jobs $!"
	done
	# shellcheck disable=SC2086
	wait $jobs
}

# as_nobody COMMAND...: runs it as a user to whom permissions apply: nobody, or the user that runs the
# tests if that is not root. Needs let_nobody_in first: nobody cannot reach a checkout in root's home.
as_nobody() {
	[ "$(id -u)" = 0 ] || { "$@"; return; }
	setpriv --reuid=nobody --regid="$(id -gn nobody)" --clear-groups -- "$@"
}
let_nobody_in() {
	chmod 755 "$tmp"
	cp "$BAREFROM" program && chmod 755 program && BAREFROM=$tmp/program
	chmod 644 ./*.eml empty.conf
}

# sql DATABASE QUERY: queries it as an administrator would.
sql() { sqlite3 -readonly "$1" "$2" 2>&1; }

# json FILE EXPRESSION: prints a Python expression, in which d is the object in FILE.
json() {
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
print(eval(sys.argv[2]))' "$1" "$2" 2>&1
}

# head_sha256 FILE: the SHA-256 of everything up to and including the first empty line.
head_sha256() {
	python3 -c 'import hashlib, re, sys
b = open(sys.argv[1], "rb").read()
m = re.search(rb"(?:\A|\n)\r?\n", b)
print(hashlib.sha256(b[:m.end()] if m else b).hexdigest())' "$1" 2>&1
}

# A forged message, and the expected output.
printf 'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nhi\n' >forged.eml
printf 'From: ceo@corp.example\nSubject: x\n\nhi\n' >bare.eml

# hop WORD ID: Postfix's trace field for a client from outside.
hop() {
	printf 'Received: from pc (client.example.net [192.0.2.7])\n\tby mx.example.org (Postfix) with %s id %s\n\tfor <a@example.com>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)\n' "$1" "$2"
}
