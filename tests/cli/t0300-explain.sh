# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom explain: the same decision for people and as JSON; it records nothing.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 116

mx='trusted-by=mx.example.org'
explain() { run explain -o database=none.db "$@"; }
well() { [ "$status" -eq 0 ] && is_empty err && [ -s out ]; }
member() { json out "d['$1']"; } # member NAME

# For people.
explain forged.eml
ok 'of a file' well
ok 'names the reason' says 'no-trace' out
ok 'shows the field before' says 'Jane Doe, CEO' out
ok 'and after' says '(^|[^<])ceo@corp\.example($|[^>])' out
explain <forged.eml
ok 'of standard input' well
ok 'is the same' grep -q 'Jane Doe, CEO' out
esc=$(printf '\033')
ok 'has no colour where no terminal is' not says "$esc" out
explain --json <forged.eml
ok 'JSON of standard input' well
is 'is one object' "$(json out 'type(d).__name__')" dict
is 'with these members' "$(json out "' '.join(sorted(d))")" \
	'action auth_user evidence fields helo hops in_scope message_id_header peer persons reason received_at scope signatures verdict'
is 'verdict' "$(member verdict)" unknown
is 'reason' "$(member reason)" no-trace
is 'action' "$(member action)" stripped
is 'in_scope' "$(member in_scope)" True
is 'auth_user absent' "$(member auth_user)" None
is 'message_id_header absent' "$(member message_id_header)" None
is 'no hops' "$(member hops)" '[]'
is 'no signatures' "$(member signatures)" '[]'
is 'the field has these members' "$(json out "' '.join(sorted(d['fields'][0]))")" \
	'action addresses after before display_names name nth understood'
is 'the field' "$(json out "[f[k].strip() if isinstance(f[k], str) else f[k] for f in d['fields']
	for k in ('name', 'nth', 'before', 'after', 'addresses', 'understood', 'action')]")" \
	"['From', 1, '\"Jane Doe, CEO\" <ceo@corp.example>', 'ceo@corp.example', ['ceo@corp.example'], True, 'stripped']"
is 'its names' "$(json out "'Jane Doe, CEO' in ''.join(d['fields'][0]['display_names'])")" True

# The trace.
{ hop ESMTP 4A; hop ESMTPSA 4B; printf 'Message-ID: <m@x.example>\nDKIM-Signature: v=1; b=x\n'; cat forged.eml; } >trace.eml
explain --json -o $mx trace.eml
ok 'JSON of a trace' well
is 'its reason' "$(member reason)" no-login
is 'its Message-ID' "$(json out "'m@x.example' in d['message_id_header']")" True
is 'its signatures' "$(member signatures)" "['dkim']"
is 'a hop has these members' "$(json out "' '.join(sorted(d['hops'][0]))")" 'by field helo index peer role user with'
is 'the hops' "$(json out "[[h['index'], h['by'], h['with'], h['peer'], h['role']] for h in d['hops']]")" \
	"[[0, 'mx.example.org', 'ESMTP', '192.0.2.7', 'boundary'], [1, 'mx.example.org', 'ESMTPSA', '192.0.2.7', 'untrusted']]"
explain --json -o $mx -o relay-nets=192.0.2.7 trace.eml
is 'a relay' "$(json out "[h['role'] for h in d['hops']]")" "['relay', 'boundary']"
is 'leads on' "$(json out "d['verdict'] + ' ' + d['reason'] + ' ' + d['action']")" 'authenticated with kept'
{ printf 'Received: by mx.example.org (Postfix, from userid 1001)\n\tid 4C; Tue, 24 Nov 2026 10:00:01 +0000 (UTC)\n'
cat trace.eml; } >reinjected.eml
explain --json -o $mx -o filter-uids=1001 reinjected.eml
is 'our re-injection' "$(json out "[h['role'] for h in d['hops']]")" "['reinjection', 'boundary', 'untrusted']"
explain --json trace.eml
is 'hosts that are not ours' "$(json out "[d['reason']] + [h['role'] for h in d['hops']]")" \
	"['top-not-ours', 'untrusted', 'untrusted']"

# The boundary.
is 'what the boundary says' "$(json out "[d[k] for k in ('peer', 'helo', 'received_at')]")" '[None, None, None]'
{ received_by() { printf 'Received: from pc (pc [192.0.2.7])\n\tby mx.example.org with %s;\n\tTue, 24 Nov 2026 10:00:01 +0100 (CET)\n' "$1"; }
received_by ESMTPS; received_by ESMTPA; cat forged.eml; } >dated.eml
explain --json -o $mx dated.eml
is 'its client and its time' "$(json out "[d[k] for k in ('peer', 'helo', 'received_at')]")" \
	"['192.0.2.7', 'pc', '2026-11-24T09:00:01.000Z']"
explain -o $mx dated.eml
ok 'for people as well' says '^client      192\.0\.2\.7 \(HELO pc\)$' out
ok 'and when' says '^received    2026-11-24T09:00:01\.000Z$' out
explain --json -o $mx --client-address=192.0.2.9 forged.eml
is 'without a trace the client is the session'"'"'s' "$(member peer)" 192.0.2.9

# The facts are those of filter.
explain --json --sasl-username=jane forged.eml
is 'a login' "$(json out "d['verdict'], d['reason'], d['auth_user'], d['action']")" \
	"('authenticated', 'sasl-fact', 'jane', 'kept')"
explain --json -o $mx --sasl-username=jane --queue-id=4A trace.eml
is 'a conflict' "$(member reason)" conflict
explain --json --submission=authenticated forged.eml
is 'the listener' "$(member reason)" listener-fact
explain --json --client-address=192.0.2.9 -o trusted-clients=192.0.2.9 forged.eml
is 'a client' "$(member reason)" trusted-client

# Fields.
printf 'Sender: c@x.example\nfrom: "A" <a@x.example>\nX: 1\njunk\n From: "N" <n@x.example>\nFrom: B\nREPLY-TO: "R\n S" <r@x.example>\n\nhi\n' >fields.eml
explain --json fields.eml
is 'in head order' "$(json out "[f['name'].lower() for f in d['fields']]")" \
	"['sender', 'from', 'from', 'reply-to']"
is 'nth counts by name' "$(json out "[f['nth'] for f in d['fields']]")" '[1, 1, 2, 1]'
is 'each with its action' "$(json out "[f['action'] for f in d['fields']]")" \
	"['kept', 'stripped', 'replaced', 'stripped']"
is 'text without address' "$(json out "[d['fields'][2][k] for k in ('addresses', 'after')]" | tr -d ' ')" \
	"[[],'unknown-sender@barefrom.invalid']"
is 'the raw value before, folds included' "$(json out "d['fields'][3]['before'].strip()" )" '"R
 S" <r@x.example>'
is 'the action of the message' "$(member action)" replaced
printf 'From: "Jane <j@x.example>\n\n' >broken.eml
explain --json broken.eml
is 'not understood' "$(json out "d['fields'][0]['understood'], d['fields'][0]['action']")" "(False, 'replaced')"
printf 'Subject: x\rFrom: "Jane" <j@x.example>\n\n' >inside.eml
explain --json inside.eml
is 'a place inside another field' "$(json out "[[f['nth'], f['after'].strip(), f['action']] for f in d['fields']]")" \
	"[[0, 'j@x.example', 'stripped']]"
printf 'From: "J\374\303\274\000" <j@x.example>\n\n' >bytes.eml
explain --json bytes.eml
ok 'bad bytes make good JSON' well
is 'shown as U+FFFD' "$(json out 'd["fields"][0]["before"].strip()[:4].encode()')" \
	"b'\"J\\xef\\xbf\\xbd\\xc3\\xbc'"
printf 'From: "\033[2JJane" <j@x.example>\n\n' >escape.eml
explain escape.eml
ok 'no escape sequence of the sender reaches the terminal' eval "well && not says '$esc' out"
printf 'From: "Ja\r\rne" <j@corp.example>\n\nhi\n' >refused.eml
explain --json refused.eml
is 'a refused message is shown' "$status $(json out "d['action'], d['fields'][0]['action']")" "0 ('refused', 'refused')"
explain refused.eml
ok 'for people as well' eval 'well && says refused out'

# Every fact of a hop.
cat >hop.eml <<'END'
Received: from pc (joe@client.example.net [192.0.2.7])
	(Authenticated sender: jane)
	by mx.example.org (Postfix) with ESMTP id 4fQ1 for <a@example.com>; Mon
Received: by mx.example.org (Postfix, from userid 33) id 4fQ2; Mon
From: x@corp.example

END
explain -o $mx hop.eml
ok 'all that a hop shows' says \
	'^    0 boundary  .* by mx\.example\.org with ESMTP from 192\.0\.2\.7 \(HELO pc\) ident joe login jane$' out
ok 'and below it' says '^                   id 4fQ1 for <a@example\.com>$' out
ok 'and a local user' says '^    1 untrusted .* from local user 33$' out

ok 'and why it counts' says '^                   in trusted-by; its client is not a relay of yours: the walk ends here$' out
ok 'and why it does not' says '^                   below the boundary: the sender.s own writing, which proves nothing$' out
ok 'and which setting would change it' says '^to change   relay-nets, if ' out

# The walk in words, a line for each hop.
walks() { # walks NAME WORDS OPTION... <MESSAGE
	label=$1 want=$2
	shift 2
	explain "$@"
	is "in words: $label" "$(sed -n '/^trace/,/^sender/s/^ \{19\}\([^i].*\|in .*\)$/\1/p' out | sed 's/[:;] .*//')" "$want"
}
received() { printf 'Received: %s; Mon\n' "$@"; }
received 'by mx.example.org (Postfix, from userid 7)' 'from a (a [192.0.2.7]) by mx.example.org with LMTP' \
	'from r (r [192.0.2.8]) by mx.example.org with ESMTP' '(qmail 7 invoked from network)' \
	'from b (b [192.0.2.9]) by mx.example.org with ESMTPA' 'from c by d.example with SMTP' >walk.eml
walks 'every role' "in trusted-by
in trusted-by
in trusted-by
qmail's line above that of its server
in trusted-by
below the boundary" -o $mx -o filter-uids=7 -o relay-nets=192.0.2.8 walk.eml
received 'from a (a [192.0.2.7]) by o.example with ESMTP id 7' 'from a by mx.example.org with ESMTPA' >other.eml
walks 'nobody of ours' 'not in trusted-by
below a field that cannot be believed' -o $mx other.eml
walks 'ours by its queue id' 'has our queue id
below the boundary' -o $mx --queue-id=7 other.eml
received 'from a (b by mx.example.org' >malformed.eml
walks 'malformed' 'can be read in more than one way' -o $mx malformed.eml
ok 'no setting, in one line' says '^to change   none: a client can forge such a field by what it says' out
received 'by mx.example.org (Postfix, from userid 7)' >local.eml
walks 'local' 'in trusted-by' -o $mx local.eml
ok 'local, on the host itself' says 'handed in on the host itself: the walk ends here' out
received 'from p.example by mx.example.org with POP3' >fetched.eml
walks 'fetched' 'in trusted-by, but fetched from a mailbox' -o $mx fetched.eml
received 'from a (a [192.0.2.7]) by mx.example.org with LMTP' >lmtp.eml
walks 'delivery' 'in trusted-by' -o $mx lmtp.eml
ok 'delivery, and nothing below' says 'a delivery, with nothing below it' out
for facts in '' --sasl-username= --sasl-username=jane; do
	explain -o $mx $facts lmtp.eml
	ok "a setting for every reason, $facts" says '^to change   [a-z]' out
done

# What may be wrong in the settings. advice NAME REGEX OPTION... <MESSAGE
advice() {
	label=$1 want=$2
	shift 2
	explain "$@"
	if [ -n "$want" ]; then
		ok "hint: $label" says "^hint        .*$want" out
	else
		ok "no hint: $label" not says '^hint' out
	fi
}
end() { printf 'From: x@corp.example\n\n'; }
{ received 'from a (a [192.0.2.7]) by mail.example.org with ESMTPSA id 1'; end; } >top.eml
advice 'the top field is not ours' \
	'the top field says by mail\.example\.org; trusted-by is mx\.example\.org, mx: ' -o "$mx, mx" top.eml
{ received 'by 2002:a05:6402:190c:0:0:0:0 with SMTP id e12' \
	'from a (a [192.0.2.7]) by mx.example.org with ESMTPSA id 1'; end; } >inside.eml
advice 'the top field is by an address' 'add their network to trusted-by; see ARCHIVES in barefrom.conf' -o $mx inside.eml
advice 'and the network is taken' '' -o "$mx, 2002:a00::/24" inside.eml
ok 'for a delivery' says '^ +in trusted-by; a delivery, not a submission: the walk goes on below$' out
advice 'no host is ours' 'trusted-by is empty: if mail\.example\.org is yours' -o trusted-by= top.eml
{ received 'from localhost (localhost [127.0.0.1]) by mx.example.org with ESMTP id 2' \
	'from mx (mx [127.0.0.1]) by localhost (amavis, port 10024) with ESMTP id 1'; end; } >amavis.eml
advice 'amavis without localhost in trusted-by' 'by localhost; trusted-by is mx\.example\.org: .* add it' \
	-o $mx -o relay-nets=127.0.0.1 amavis.eml
{ received 'by mx.example.org (Postfix, from userid 105) id 2' \
	'from a (a [192.0.2.7]) by mx.example.org with ESMTPSA id 1'; end; } >requeued.eml
advice 'postsuper -r' '105 is only your content filter, or Postfix itself after postsuper -r' -o $mx requeued.eml
{ received 'from exim by mx.example.org with esmtp (Exim 4.96) id 2' \
	'from a (a [192.0.2.7]) by mx.example.org with ESMTPSA id 1'; end; } >exim.eml
advice "a filter's user that could be HELO" 'next to with esmtp, exim could be .*exim -oMr' -o $mx -o filter-uids=exim exim.eml
advice 'and is not listed' '' -o $mx exim.eml
advice 'local mail' '' -o $mx <<END
$(received 'by mx.example.org (Postfix, from userid 33) id 2')

END
{ received 'from a (a [192.0.2.7]) by mx.example.org with ESMTPS id 2' \
	'from a (a [192.0.2.8]) by mx.example.org with ESMTPSA id 1'; end; } >both.eml
advice 'a submission host that is an MX' 'writes ESMTPSA for a login, but here it wrote ESMTPS: .*submission-by' \
	-o $mx -o submission-by=mx.example.org both.eml
advice 'a submission host that shows no logins' '' -o $mx -o submission-by=mx.example.org <<END
$(received 'from a (a [192.0.2.7]) by mx.example.org with ESMTPS id 2')

END
{ received 'from a (a [192.0.2.7]) by mx.example.org with ESMTPSA id 1'; end; } >login.eml
advice 'relay-accounts, and no login to be seen' 'relay-accounts needs --sasl-username' -o $mx -o relay-accounts=gw login.eml
advice 'relay-accounts, and the login is shown' '' -o $mx -o relay-accounts=gw hop.eml -o comment-dialect=postfix
advice 'all is well' '' -o $mx login.eml

# Addresses that were not read, and whose login it is.
{ received 'from e ([127.0.0.1]) [192.0.2.66]:4711 by mx.example.org with esmtp (Exim 4.96) id 1'; end; } >helo.eml
explain -o $mx -o relay-nets=127.0.0.1 helo.eml
ok 'an address that was not read' says 'client.s address was not read \(127\.0\.0\.1, 192\.0\.2\.66\): the walk' out
ok 'and it is listed' says '^hint        127\.0\.0\.1 is in relay-nets, but the field does not prove that it is the client.s address' out
explain -o $mx -o trusted-clients=192.0.2.66 helo.eml
ok 'as a client' says '^hint        192\.0\.2\.66 is in trusted-clients, but ' out
{ received 'from a by mx.example.org with ESMTP id 1'; end; } >none.eml
explain -o $mx none.eml
ok 'no address at all' says 'it does not show the address of its client' out
{ received 'from r (r [192.0.2.8]) (Authenticated sender: acct) by mx.example.org with ESMTPSA id 1'; end; } >relay-login.eml
advice 'the login is the relay'"'"'s own' \
	'192\.0\.2\.8 is in relay-nets: unless .*, this is the relay.s own login; in that case add acct to relay-accounts' \
	-o $mx -o relay-nets=192.0.2.8 relay-login.eml
ok 'and nothing of no relay of yours' eval 'not says "not a relay of yours" out && says "in relay-nets, but there is no field below" out'
advice 'and it is listed' '' -o $mx -o relay-nets=192.0.2.8 -o relay-accounts=acct relay-login.eml
explain -o $mx -o trusted-clients=192.0.2.7 both.eml
ok 'a client that is listed' eval 'not says "not a relay of yours" out && says "client 192\.0\.2\.7 is in trusted-clients: the walk ends here" out'
{ received 'from localhost (localhost [127.0.0.1]) by mx.example.org with ESMTP id 1'; end; } >loop.eml
advice 'a loop through amavis' 'client 127\.0\.0\.1 is the host itself: .*localhost to trusted-by and 127\.0\.0\.1 to relay-nets' \
	-o $mx loop.eml
advice 'Authentication-Results that were not looked at' \
	'without ar-stripped=true, Authentication-Results show a login only if the boundary shows neither' \
	-o $mx -o authserv-id=mx.example.org none.eml
advice 'Authentication-Results that were' '' -o $mx -o authserv-id=mx.example.org -o ar-stripped=true none.eml

# The words are the right ones.
{ received '(qmail 5919 invoked by uid 107)' 'from a ([192.0.2.7]) by mx.example.org with ESMTPA id 1'; end; } >qmail.eml
advice "qmail's own field" 'if only qmail.s SMTP server or your filter runs as uid 107, add it to filter-uids' \
	-o $mx qmail.eml
ok 'and no host is "nobody"' eval 'not says nobody out && says "qmail, invoked by uid 107" out && says "names no host after by" out'
explain -o $mx -o filter-uids=107 qmail.eml
ok 'listed' says "qmail's line, and uid 107 is in filter-uids: the walk goes on below" out
{ received 'from a (a [192.0.2.7]) (authenticated bits=0) by mx.example.org with ESMTP id 1'; end; } >nameless.eml
explain -o $mx -o comment-dialect=sendmail nameless.eml
ok 'a login without a name' eval 'says "whose sendmail comment shows a login without naming it" out && not says "\(none\)" out'
{ received 'from a (a [192.0.2.7]) by mx.example.org with AES256-SHA encrypted SMTP'; end; } >cipher.eml
explain -o $mx cipher.eml
ok 'a cipher is no protocol' says '^evidence    hop 0: by mx\.example\.org with no protocol word \(AES256-SHA\), no login$' out
{ received 'from jane (uid 1000) by mx.example.org (DragonFly Mail Agent v0.12)'; end; } >dma.eml
explain -o $mx dma.eml
ok 'a local user with his number' says 'from local user jane \(uid 1000\)$' out
{ received 'from localhost (mx.example.org [local]) by mx.example.org (OpenSMTPD) with ESMTPA id 1'; end; } >local.eml
explain -o $mx local.eml
ok 'a local user who is not shown' eval 'says "a program on that host, whose user is not shown" out && says "local-submission, if the field shows no user" out'
explain -o $mx -o local-submission=authenticated local.eml
ok 'and trusted' says '^verdict     authenticated \(local-uid\)$' out
{ received 'from [192.0.2.7] by mx.example.org via HTTP'; end; } >http.eml
explain -o $mx -o webmail-by=mx.example.org http.eml
ok 'a webmail' says '^evidence    hop 0: by mx\.example\.org via HTTP$' out

# Long texts are shown to their end.
long=$(printf %3000s x | tr ' ' x)
printf 'From: "%s" <j@x.example>\n\n' "$long" >long.eml
explain long.eml
is 'a long field, before' "$(sed -n 's/^      before   //p' out)" "\"$long\" <j@x.example>"

# Our own Authentication-Results.
{ printf 'Authentication-Results: mx.example.org; auth=pass smtp.auth=jane\n'
	received 'by mx.example.org (Postfix) id 1'; end; } >results.eml
explain --json -o $mx -o authserv-id=mx.example.org results.eml
is 'a result of ours counts' "$(member verdict) $(member reason) $(member auth_user)" 'authenticated auth-results jane'
explain --json -o $mx -o authserv-id=mail.example.org results.eml
is 'and no other' "$(member verdict) $(member reason) $(member auth_user)" 'unknown silent None'

# Input and output.
explain missing.eml
ok 'no such file: 66' eval '[ $status -eq 66 ] && is_empty out && says missing.eml err'
mkdir folder
explain --json folder
ok 'a folder is no message' eval '[ $status -ge 64 ] && [ $status -le 78 ] && is_empty out && [ -s err ]'
bf explain --json forged.eml >/dev/full 2>err
status=$?
ok 'a full output is an error' eval '[ $status -ge 64 ] && [ $status -le 78 ] && [ -s err ]'
run explain -o database=/nonexistent/a.db forged.eml
is 'the database is not looked at' "$status" 0
ok 'nothing was recorded' eval '[ ! -e none.db ] && [ ! -e a.db ]'
run filter -o database=a.db <fields.eml
explain --json fields.eml
is 'explain says what filter does' "$(member verdict) $(member reason) $(member action)" \
	"$(sqlite3 -readonly -separator ' ' a.db 'SELECT verdict, reason, action FROM history')"
