# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom filter, from stdin to stdout: its output, byte for byte, and what it leaves alone.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 83

last() { sql a.db 'SELECT verdict, reason, action FROM history ORDER BY id DESC LIMIT 1'; }

# filtered NAME INPUT WANT ARGUMENT...: gives that output, exit status 0 and no message.
filtered() {
	name=$1 input=$2 want=$3
	shift 3
	run filter -o database=a.db "$@" <"$input"
	ok "$name" done_well "$want"
}

# refused NAME INPUT ARGUMENT...: gives 75, a reason with an RFC 3463 status on stderr, and no output.
refused() {
	name=$1 input=$2
	shift 2
	run filter -o database=a.db "$@" <"$input"
	ok "$name" deferred
}

# The promise, word by word: no settings but the database, if this machine has none of its own.
set -- filter -o database=first.db
[ ! -e /etc/barefrom.conf ] || set -- -c empty.conf "$@"
"$BAREFROM" "$@" <forged.eml >out 2>err
status=$?
ok 'a forged message comes out bare' done_well
is 'and is audited' "$(sql first.db 'SELECT verdict, reason, action FROM history')" \
	'unknown|no-trace|stripped'

# The trace.
mx='trusted-by=mx.example.org'
{ hop ESMTPSA 4XyZ1; cat forged.eml; } >login.eml
{ hop ESMTPSA 4XyZ1; cat bare.eml; } >login-bare.eml
{ hop ESMTP 4XyZ1; cat forged.eml; } >plain.eml
{ hop ESMTP 4XyZ1; cat bare.eml; } >plain-bare.eml
{ hop ESMTP 4XyZ1; cat login.eml; } >planted.eml
{ hop ESMTP 4XyZ1; cat login-bare.eml; } >planted-bare.eml
filtered 'a login in our field keeps the name' login.eml login.eml -o $mx
is 'audited as with' "$(last)" 'authenticated|with|kept'
filtered 'a planted login below our field does not' planted.eml planted-bare.eml -o $mx
is 'audited as no-login' "$(last)" 'anonymous|no-login|stripped'
filtered 'a login by a host that is not ours does not' login.eml login-bare.eml
is 'audited as top-not-ours' "$(last)" 'unknown|top-not-ours|stripped'

# The facts.
filtered 'no login, but a trace with our queue id that shows one' login.eml login-bare.eml \
	-o $mx --sasl-username= --queue-id=4XyZ1
is 'is a conflict' "$(last)" 'anonymous|conflict|stripped'
filtered 'a login, but a trace with our queue id that shows none' plain.eml plain-bare.eml \
	-o $mx --sasl-username=jane --queue-id=4XyZ1
is 'is a conflict too' "$(last)" 'anonymous|conflict|stripped'
filtered 'our queue id makes a field ours' login.eml login.eml --queue-id=4XyZ1
is 'whatever host it names' "$(last)" 'authenticated|with|kept'
filtered 'no login over a trace with another id' login.eml login-bare.eml \
	-o $mx --sasl-username= --queue-id=other
is 'is no conflict' "$(last)" 'anonymous|sasl-fact|stripped'
filtered 'a login' forged.eml forged.eml --sasl-username=jane
is 'is a fact' "$(last)" 'authenticated|sasl-fact|kept'
is 'and recorded' "$(sql a.db 'SELECT auth_user FROM message ORDER BY id DESC LIMIT 1')" jane
filtered 'an empty login' forged.eml bare.eml --sasl-username=
is 'is a fact as well' "$(last)" 'anonymous|sasl-fact|stripped'
filtered 'the word of the listener' forged.eml forged.eml --submission=authenticated
is 'counts by itself' "$(last)" 'authenticated|listener-fact|kept'
filtered 'a listener that proves nothing' forged.eml bare.eml --submission=anonymous
is 'says nothing' "$(last)" 'unknown|no-trace|stripped'
filtered 'a login at a listener that proves nothing' forged.eml forged.eml \
	--submission=anonymous --sasl-username=jane
filtered "a gateway's login" forged.eml bare.eml -o relay-accounts=gateway \
	--sasl-username=GateWay --submission=authenticated
is 'proves nothing' "$(last)" 'anonymous|relay-login|stripped'
filtered 'a trusted client' forged.eml forged.eml -o trusted-clients=192.0.2.0/24 \
	--client-address=192.0.2.9
is 'counts as logged in' "$(last)" 'authenticated|trusted-client|kept'
filtered 'a client elsewhere' forged.eml bare.eml -o trusted-clients=192.0.2.0/24 \
	--client-address=198.51.100.9
filtered 'facts that are none' forged.eml bare.eml --client-address= --queue-id=
filtered 'facts that are unknown' forged.eml bare.eml --client-address=unknown --queue-id=unknown
is 'leave it to the trace' "$(last)" 'unknown|no-trace|stripped'

# The policy.
filtered 'unknown=authenticated keeps what is unknown' forged.eml forged.eml -o unknown=authenticated
is 'and says what it was' "$(last)" 'unknown|no-trace|kept'
filtered 'unknown=authenticated helps no anonymous sender' planted.eml planted-bare.eml \
	-o unknown=authenticated -o $mx
filtered 'resolve-anonymous=true keeps all' planted.eml planted.eml -o resolve-anonymous=true -o $mx
is 'but audits' "$(last)" 'anonymous|no-login|kept'
printf 'From: "ceo@corp.example" <ceo@other.example>\n\nhi\n' >shown.eml
printf 'From: ceo@other.example\n\nhi\n' >shown-bare.eml
printf 'From: "Jane" <ceo@notcorp.example>\n\nhi\n' >elsewhere.eml
printf 'From: "Jane" <ceo@sub.corp.example>\n\nhi\n' >below.eml
printf 'From: ceo@sub.corp.example\n\nhi\n' >below-bare.eml
only='-o scope=domains -o domains=corp.example'
filtered 'scope=domains: a message in scope' forged.eml bare.eml $only
is 'is in scope' "$(sql a.db 'SELECT in_scope FROM message ORDER BY id DESC LIMIT 1')" 1
filtered 'scope=domains: the domain in the name' shown.eml shown-bare.eml $only
filtered 'scope=domains: a domain below' below.eml below-bare.eml $only
filtered 'scope=domains: another domain' elsewhere.eml elsewhere.eml $only
is 'is not in scope' \
	"$(sql a.db 'SELECT in_scope, action FROM message ORDER BY id DESC LIMIT 1')" '0|kept'
printf 'from: Jane <a@x.example>\nFROM : =?utf-8?q?B=C3=B6b?= <b@x.example>\nSender: c@x.example (Carl)\nReply-To: Desk: "D" <d@x.example>, e@x.example;\nTo: "F" <f@x.example>\nCC: "G" <g@x.example>\nSubject: "H" <h@x.example>\n\nFrom: "I" <i@x.example>\n' >all.eml
printf 'from: a@x.example\nFROM : b@x.example\nSender: c@x.example\nReply-To: d@x.example, e@x.example\nTo: "F" <f@x.example>\nCC: "G" <g@x.example>\nSubject: "H" <h@x.example>\n\nFrom: "I" <i@x.example>\n' >all-bare.eml
printf 'from: a@x.example\nFROM : b@x.example\nSender: c@x.example (Carl)\nReply-To: Desk: "D" <d@x.example>, e@x.example;\nTo: f@x.example\nCC: "G" <g@x.example>\nSubject: "H" <h@x.example>\n\nFrom: "I" <i@x.example>\n' >all-some.eml
filtered 'every sender field is made bare, and no other' all.eml all-bare.eml
filtered 'fields chosen' all.eml all-some.eml -o 'fields=From;To'
printf 'From: CEO\nTo: CEO\n\nhi\n' >text.eml
printf 'From: unknown-sender@barefrom.invalid\nTo: CEO\n\nhi\n' >text-bare.eml
filtered 'a name without address is replaced, not in To' text.eml text-bare.eml -o fields=From,To
is 'audited as replaced' "$(last)" 'unknown|no-trace|replaced'
filtered 'a bare message stays' bare.eml bare.eml
is 'audited as kept' "$(last)" 'unknown|no-trace|kept'

# Bytes. Each case is a head and a body around a forged From; only that may change.
faithful() { # faithful NAME BEFORE AFTER, as formats of printf
	# shellcheck disable=SC2059
	{ printf "$2"; printf 'From: "J" <j@c.example>'; printf "$3"; } >in.eml
	# shellcheck disable=SC2059
	{ printf "$2"; printf 'From: j@c.example'; printf "$3"; } >want.eml
	filtered "$1" in.eml want.eml
}
faithful 'CRLF' 'Subject: x\r\n' '\r\nX: y\r\n\r\nhi\r\n'
faithful 'mixed line ends' 'Subject: x\r\n' '\nX: y\r\n\nhi\r\n\n\r\r\nho\rho\n'
faithful 'NUL in the head and in the body' 'Subject: a\000b\n' '\nX: \000\n\n\000hi\000\n\000'
faithful '8-bit bytes' 'Subject: Gr\374\303\274\377\n' '\n\n\200\377\376 \303\n'
faithful 'no last newline in the body' '' '\n\nhi'
faithful 'no last newline in the head' 'Subject: x\n' ''
faithful 'no empty line' '' '\nSubject: x\n'
faithful 'no body' 'Subject: x\n' '\n\n'
faithful 'a fold, and blanks at line ends' 'Subject: x \n\ty \n' '\nX:\n z\t\n\nhi \n'
faithful 'a white-space line does not end the head' 'Subject: x\n \t\n' '\nX: y\n\nhi\n'
faithful 'junk lines in the head' 'what is this\n' '\n: and this\nX: y\n\nhi\n'
faithful 'a lone dot, and a From line in the body' '' '\n\n.\n..\nFrom x\n>From y\n.\n'
printf '\nFrom: "J" <j@c.example>\n' >body.eml
filtered 'an empty line at once: all is body' body.eml body.eml
printf '\n' >newline.eml
filtered 'nothing but an empty line' newline.eml newline.eml
: >empty.eml
run filter -o database=a.db <empty.eml
ok 'nothing at all' eval '[ $status -eq 0 ] && is_empty out'

python3 - <<'END'
import random
rand = random.Random(3)
def write(name, *parts):
    with open(name, 'wb') as f:
        f.write(b''.join(parts))
big = b'A' * (1 << 20)
name, bare = b'From: "J" <j@c.example>\n', b'From: j@c.example\n'
write('line-head.eml', b'Subject: ', big, b'\n', name, b'\nhi\n')
write('line-head-bare.eml', b'Subject: ', big, b'\n', bare, b'\nhi\n')
write('line-body.eml', name, b'\n', big)
write('line-body-bare.eml', bare, b'\n', big)
write('line-name.eml', b'From: "', big, b'" <j@c.example>\n\nhi\n')
write('line-name-bare.eml', bare, b'\nhi\n')
write('line-only.eml', big)
every = bytes(range(256)) * 2048
write('bytes.eml', name, b'\n', every)
write('bytes-bare.eml', bare, b'\n', every)
junk = bytes(rand.choices(range(256), k=300000))
write('junk.eml', junk)
# No empty line and nothing that could pass for a sender field: no F and no S.
write('junk-head.eml', bytes(b for b in junk if b not in b'FfSsRr\n'))
END
filtered 'a line of 1 MiB in the head' line-head.eml line-head-bare.eml
filtered 'a line of 1 MiB in the body' line-body.eml line-body-bare.eml
filtered 'a name of 1 MiB' line-name.eml line-name-bare.eml
filtered 'a line of 1 MiB and nothing else' line-only.eml line-only.eml
filtered 'a body of all bytes' bytes.eml bytes-bare.eml
filtered 'binary junk' junk.eml junk.eml
filtered 'binary junk in one line' junk-head.eml junk-head.eml
cat line-body.eml | { bf filter -o database=a.db >out 2>err; }
status=$?
ok 'input through a pipe' done_well line-body-bare.eml

# Refusal.
printf 'From: "Ja\r\rne" <j@corp.example>\nSubject: x\n\nhi\n' >refused.eml
refused 'line ends that no edit satisfies' refused.eml
is 'audited as refused and failed' \
	"$(sql a.db 'SELECT action, outcome FROM history ORDER BY id DESC LIMIT 1')" 'refused|failed'
filtered 'they pass where nothing would change' refused.eml refused.eml --sasl-username=jane
filtered 'they pass in a dry run' refused.eml refused.eml --dry-run
is 'audited as refused all the same' \
	"$(sql a.db 'SELECT action, outcome FROM history ORDER BY id DESC LIMIT 1')" 'refused|dry-run'
python3 -c 'import sys
for i in range(65): sys.stdout.write("X: " + "a" * ((1 << 20) - 4) + "\n")' >huge.eml
refused 'a head over 64 MiB' huge.eml --sasl-username=jane
rm -f huge.eml out

# Dry run.
filtered 'a dry run changes nothing' forged.eml forged.eml --dry-run
is 'and records what it would do' \
	"$(sql a.db "SELECT action, outcome, from_before, from_after FROM history ORDER BY id DESC LIMIT 1")" \
	'stripped|dry-run|"Jane Doe, CEO" <ceo@corp.example>|ceo@corp.example'
is 'with the edit and the hash that would be made' \
	"$(sql a.db "SELECT head_after_sha256, addresses FROM edit JOIN message ON message.id = message
	WHERE message.id = (SELECT max(id) FROM message)")" \
	"$(head_sha256 bare.eml)|[\"ceo@corp.example\"]"
