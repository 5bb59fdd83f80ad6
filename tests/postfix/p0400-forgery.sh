# SPDX-License-Identifier: GPL-3.0-or-later
# "Send yourself a forgery" in data/postfix/README.md: the commands as they are written there, and what
# it says must be seen.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 10

# block N: the Nth indented block of that section, as an administrator copies it.
block() {
	awk -v n="$1" '
		/^## /{ section = $0 == "## Send yourself a forgery" }
		section && /^    / { if (!inside) i++; inside = 1; if (i == n) print substr($0, 5) }
		!/^    / { inside = 0 }' "$SRCDIR/data/postfix/README.md"
}
# forge N: the settings, and that command.
forge() {
	{ block 1 | sed "s/127\.0\.0\.1:25\$/127.0.0.1:$port/"; block "$1"; } >forge.sh
	grep -q "server=127.0.0.1:$port\$" forge.sh && bed sh -e forge.sh
}
# newest ACTION: the last row has it, once its message has left.
newest() { [ "$(last)" = "anonymous|sasl-fact|$1|sent" ]; }
last() { sql "$database" 'SELECT verdict, reason, action, outcome FROM message ORDER BY id DESC LIMIT 1'; }
mails() { cat "$mail"/you@corp.example.* 2>/dev/null; }
has_come() { mails | grep -qx "$1"; }

printf '[policy]\nscope=domains\ndomains=corp.example\n' >>barefrom.conf
ok 'the snippet runs as shipped' snippet port-25.sh "$port"
bed_start

ok 'scope=domains, an address of yours: taken' forge 2
ok 'arrives bare' await has_come 'From: you@corp.example'
ok 'is stripped' await newest stripped
ok 'without a name' not has_come 'From: .*Jane.*'
ok 'a name of yours on a foreign address: taken' forge 3
ok 'arrives with its name' await has_come 'From: "Jane Doe, CEO" <x@freemail.example>'
ok 'is kept' await newest kept

# With everyone.
sed -i 's/^scope=.*/scope=everyone/' barefrom.conf
forge 3
ok 'scope=everyone: arrives bare' await has_come 'From: x@freemail.example'
ok 'is stripped' await newest stripped
