# SPDX-License-Identifier: GPL-3.0-or-later
# Sendmail and barefrom-milter, by the lines that data/postfix/README.md has for sendmail.mc.
. "${SRCDIR:?}/tests/mta/lib.sh"
[ -x "${BAREFROM_MILTER:-/nowhere}" ] || without 'There is no barefrom-milter: it is built where libsystemd is.'
. "$SRCDIR/tests/mta/sendmail.sh"
plan 48

# serve_milter: as a user without rights, on a socket that the jail has too.
database=$tmp/audit/audit.db
install -d -o nobody -m 750 audit
install -d -o nobody "$jail/run" "$jail/run/barefrom"
mkdir bin
cp "$BAREFROM_MILTER" bin/barefrom-milter
chmod 755 bin/barefrom-milter
cat >barefrom.conf <<END
[trust]
trusted-by=$host
[audit]
database=$database
[milter]
listen=unix:$jail/run/barefrom/milter.sock
socket-group=$(id -gn nobody)
END
serve_milter() {
	cat >milter <<END
echo \$\$ >$tmp/milter.pid
exec setpriv --reuid=nobody --regid=$(id -gn nobody) --clear-groups -- \
	$tmp/bin/barefrom-milter -c $tmp/barefrom.conf >>$tmp/milter.log 2>&1
END
	ask serve "$tmp/milter" && await test -S "$jail/run/barefrom/milter.sock" ||
		give_up "no milter: $(cat milter.log)"
}
has_ended() { ! readlink "/proc/$(cat milter.pid)/exe" >/dev/null; } # a dead child has none
serve_milter
lines=$(sed -n "s/^    \(INPUT_MAIL_FILTER.*\|define.*confFROM_HEADER.*\)/\1/p" "$SRCDIR/data/postfix/README.md")
is 'the page has two lines for sendmail.mc' "$(echo "$lines" | wc -l)" 2
configure_server <<END
DAEMON_OPTIONS(\`Name=open, Addr=127.0.0.1, Port=${port:?}')dnl
DAEMON_OPTIONS(\`Name=tls, Addr=127.0.0.1, Port=${submission:?}, Modifiers=s')dnl
$lines
END
jail_serve $sendmail -bD

# passes NAME SENDER PRINTF [LINE...]: that message, which then is in the file got.
passes() {
	passed=$1 mails=$((mails + 1))
	# shellcheck disable=SC2059
	printf "$3" >lying.eml
	from=$2
	shift 3
	[ $# -gt 0 ] || set -- "$pc"
	: >got
	submit_as "$from" "m$mails@utf8.example" "$port" "$@"
	id=$(sed -n 's/^250 2\.0\.0 \([0-9A-Za-z]*\) Message accepted.*/\1/p' said | tail -n 1)
	ok "$passed: it comes" taken
}
# below_trace: without what Sendmail has put on top.
below_trace() { sed '1,/^Message-Id: /d' got; }
row() { sql "$database" "SELECT verdict, reason, action, outcome FROM message WHERE queue_id = '$1'"; }
nameless() { # nobody who reads it has anything to strip
	bf explain --json -o database=none.db -o trusted-by=$host got >out 2>err &&
		[ "$(json out 'd["action"]')" = kept ] && ! grep -q 'Jane' got
}

passes 'anonymous' '<a@out.example>' 'From: "Jane Doe, CEO" <ceo@corp.example>\nSubject: x\n\nhi\n'
below_trace >rest
same 'bare, all else as it was' rest bare.eml
is 'audited' "$(row "$id")" 'anonymous|sasl-fact|stripped|answered'
is 'with the session' "$(sql "$database" "SELECT envelope_from, address, peer, helo FROM message m
	JOIN recipient r ON r.message = m.id WHERE queue_id = '$id'")" \
	"a@out.example|m$mails@utf8.example|127.0.0.1|pc.out.example"
user='From:  "Alice"\n\t<alice@corp.example>\nSubject: x\n\nhi\n'
passes 'a login' '<alice@corp.example>' "$user" "$pc" "$(login)"
below_trace >rest
same 'byte for byte' rest lying.eml
is 'audited' "$(row "$id")" 'authenticated|sasl-fact|kept|answered'
passes 'the word of the client for a login' '<a@out.example> AUTH=alice@corp.example' "$user"
ok 'is none' nameless
is 'audited' "$(row "$id")" 'anonymous|sasl-fact|stripped|answered'
{
	cat forged-trace
	printf 'From:"Jane" <n@corp.example>\nFROM:   Jane <t@corp.example>\nfrom:\tJane <u@corp.example>\nFrom:\n Jane <f@corp.example>\n'
	printf 'X-Odd:  two  blanks \nReply-To: "Jane" <r@x.example>,\n\tJane <s@x.example>\n\nhi\n'
} >heads
{
	cat forged-trace
	printf 'From: n@corp.example\nFROM:   t@corp.example\nfrom: u@corp.example\nFrom: f@corp.example\n'
	printf 'X-Odd:  two  blanks \nReply-To: r@x.example, s@x.example\n\nhi\n'
} >want # but for a tab, which Sendmail makes a blank
passes 'five sender fields below a forged trace' '<a@out.example>' "$(sed 's/%/%%/g' heads)"'\n'
below_trace >rest
same 'each is bare, its place as it was' rest want

# Nothing of a message is seen in the next one of the session.
{
	printf 'EHLO pc.out.example\nMAIL FROM:<a@out.example>\nRCPT TO:<no@utf8.example>\nRSET\n'
	for n in 1 2; do
		printf 'MAIL FROM:<s%s@out.example>\nRCPT TO:<s%s@utf8.example>\nDATA\n' $n $n
		printf 'From: "Jane" <j%s@x.example>\n\nhi\n.\n' $n
	done
	echo QUIT
} >session
type_in "$port" <session
for n in 1 2; do
	recipient=s$n@utf8.example
	taken
	ok "message $n of a session is bare" nameless
done
is 'each has its own recipient' "$(sql "$database" "SELECT envelope_from, address FROM message m
	JOIN recipient r ON r.message = m.id WHERE address LIKE 's_@utf8.example' OR address = 'no@utf8.example'
	ORDER BY m.id" | tr '\n' ' ')" 's1@out.example|s1@utf8.example s2@out.example|s2@utf8.example '

# Of programs here: by the queue of the users, and by a dialogue.
printf 'From: "Jane" <j@x.example>\n\nhi\n' >local.eml
recipient=l1@utf8.example
inside $sendmail -Ac -i $recipient <local.eml >local.log 2>&1
taken
ok 'a local user, the usual way' nameless
{ # Sendmail hears no client that does not wait for its turn
	for line in 'EHLO x' 'MAIL FROM:<a@out.example>' 'RCPT TO:<l2@utf8.example>' DATA; do
		printf '%s\r\n' "$line"
		sleep 0.2
	done
	printf 'From: "Jane" <j@x.example>\r\n\r\nhi\r\n.\r\n'
	sleep 0.2
	printf 'QUIT\r\n'
} | inside $sendmail -bs -Am >local.log 2>&1
recipient=l2@utf8.example
taken
ok 'a dialogue with sendmail -bs' nameless

# Odd heads. Sendmail cleans them, and makes a From where it sees none.
end='Subject: s\n\nhi\n'
passes 'a name for a From to come' '<a@out.example>' "Full-Name: Jane Doe\n$end"
ok 'does not get into it' nameless
ok 'which is there' grep -qx 'From: <a@out.example>' got
for head in '>From: "Jane" <j@x.example>' 'From j@x.example\nFrom: "Jane" <j@x.example>' \
	'X: 1\nFrom : "Jane" <j@x.example>' 'X: 1\nFrom\t: "Jane" <j@x.example>' \
	'X: 1\nFrom\013: "Jane" <j@x.example>' 'X: 1\nFr\000om: "Jane" <j@x.example>' \
	'X: 1\n \nFrom: "Jane" <j@x.example>' 'X: 1\n \n From: "Jane" <j@x.example>' \
	'From: Jane: "Jane" <j@x.example>;' 'From: Jane' 'From: j (Jane)' \
	'From: j@x.example\nSender: "Jane" <s@x.example>\nReply-To: Jane <r@x.example>'; do
	shown=$(printf %s "$head" | tr '\\' /) # or echo would end the line there
	passes "$shown" '<a@out.example>' "$head\n$end"
	ok "$shown: bare" nameless
done

# Away: F=T.
kill "$(cat milter.pid)"
await has_ended
submit_as '<a@out.example>' away@utf8.example "$port" "$pc"
ok 'away: mail is put off' says '^451 ' said
serve_milter
submit_as '<a@out.example>' away@utf8.example "$port" "$pc"
ok 'with it again it comes' taken
is 'each message has its row' "$(sql "$database" "SELECT count(*) FROM message WHERE outcome = 'answered'")" \
	"$(ls sink/*[0-9] | wc -l)"
