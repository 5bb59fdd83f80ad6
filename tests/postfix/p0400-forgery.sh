# SPDX-License-Identifier: GPL-3.0-or-later
# "Send yourself a forgery" in data/postfix/README.md: the commands as they are written there, and what
# it says must be seen.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 19

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
# asked: what the section asks the audit, as lines of |id|action|scope|person|...
asked() {
	block 4 | sed "s|/var/lib/barefrom/audit.db|$database|" >ask.sh
	bed sh -e ask.sh | sed -n 's/ *│ */|/gp'
}
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

# With a list of people; the name is a colleague's.
echo 'Jane Doe; jane.doe@corp.example' >people
sed -i 's/^scope=.*/scope=domains directory/' barefrom.conf
echo "directory=$tmp/people" >policy
sed -i '/^domains=/r policy' barefrom.conf
rm "$mail"/you@corp.example.*
forge 2
ok 'scope=domains directory, an address of yours: arrives bare' await has_come 'From: you@corp.example'
ok 'is stripped' await newest stripped
forge 3
ok 'a name of yours on a foreign address: arrives bare' await has_come 'From: x@freemail.example'
ok 'is stripped' await newest stripped
ok 'no name is left' not eval "mails | grep -i '^From:.*jane'"
asked >rows
is 'the audit says why, and who was meant' "$(cut -d '|' -f 3-7 rows)" \
	'action|scope|person|verdict|reason
stripped|directory|Jane Doe|anonymous|sasl-fact
stripped|domains|Jane Doe|anonymous|sasl-fact'
logged() { sed -n 's|.*via barefrom service (\(.*\)))$|\1|p' mail.log | tail -n 1; }
is 'so does the mail log' "$(logged)" \
	"stripped, directory, anonymous (sasl-fact), audit id $(sed -n '2s/^|\([0-9]*\).*/\1/p' rows)"
echo 'Jane Doe; you@corp.example' >people
forge 3
ok 'to oneself: arrives with its name' await has_come 'From: "Jane Doe, CEO" <x@freemail.example>'
is 'and the audit says so' "$(asked | sed -n 2p | cut -d '|' -f 3-5)" 'kept|self|Jane Doe'

# With everyone.
rm "$mail"/you@corp.example.*
sed -i 's/^scope=.*/scope=everyone/' barefrom.conf
forge 3
ok 'scope=everyone: arrives bare' await has_come 'From: x@freemail.example'
ok 'is stripped' await newest stripped
