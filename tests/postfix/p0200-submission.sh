# SPDX-License-Identifier: GPL-3.0-or-later
# Both snippets together: logged-in mail stays as it is; Received taken away, a second pass, a dry run.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 54

# What there is stays.
stops() { # stops WORDS SNIPPET PORT: it says so, and changes nothing
	settings >before
	not snippet "$2" "$3" 2>said && grep -q "^$2: .*$1.*nothing was changed" said && settings | cmp - before
}
ok 'submission.sh is not the first' stops 'port-25\.sh first' submission.sh "$submission"
ok 'no listener for port-25.sh' stops 'no listener' port-25.sh 1
bed postconf -Pe "127.0.0.1:$port/inet/content_filter = other:[127.0.0.1]:10024"
ok 'another filter' stops 'other:.*README' port-25.sh "$port"
bed postconf -PX "127.0.0.1:$port/inet/content_filter"
bed postconf -Me "127.0.0.1:$dry/inet = 127.0.0.1:$dry inet n - n - 1 postscreen"
ok 'postscreen, which knows no filter' stops 'is postscreen, not smtpd.* smtpd/pass' port-25.sh "$dry"
bed postconf -Me "127.0.0.1:$dry/inet = 127.0.0.1:$dry inet n - n - - smtpd"
bed postconf -e 'barefrom_milter = { unix:barefrom/milter.sock }' 'smtpd_milters = inet:localhost:8891, $barefrom_milter'
ok 'the milter' stops 'the milter is here (smtpd_milters = .*milter\.sh --undo' port-25.sh "$port"
bed postconf -X smtpd_milters
bed postconf -e 'non_smtpd_milters = unix:/run/barefrom/milter.sock'
ok 'the milter for local mail' stops 'the milter is here (non_smtpd_milters' port-25.sh "$port"
bed postconf -X non_smtpd_milters
bed postconf -Pe "127.0.0.1:$submission/inet/smtpd_milters = \$barefrom_milter"
ok 'the milter of another listener' stops 'the milter is here (127.0.0.1:.*/inet/smtpd_milters' port-25.sh "$port"
bed postconf -PX "127.0.0.1:$submission/inet/smtpd_milters"
bed postconf -X barefrom_milter

# The configuration, and that it is as Postfix likes it.
settings >none
bed postconf -Pe "127.0.0.1:$port/inet/receive_override_options=no_milters"
ok 'port-25.sh runs as shipped' snippet port-25.sh "$port"
ok 'submission.sh runs as shipped' snippet submission.sh "$submission"
ok 'no listener for submission.sh' stops 'no listener' submission.sh 1
bed postconf -Pe "127.0.0.1:$submission/inet/content_filter = other:"
bed postconf -e 'smtpd_milters = unix:barefrom/milter.sock'
ok 'the milter for submission.sh' stops 'the milter is here' submission.sh "$submission"
bed postconf -X smtpd_milters
bed postconf -Me "127.0.0.1:$dry/inet = 127.0.0.1:$dry inet n - n - 1 postscreen"
ok 'postscreen for submission.sh' stops 'is postscreen, not smtpd' submission.sh "$dry"
bed postconf -Me "127.0.0.1:$dry/inet = 127.0.0.1:$dry inet n - n - - smtpd"
ok 'another filter for submission.sh' stops 'other:.*README' submission.sh "$submission"
bed postconf -Pe "127.0.0.1:$submission/inet/content_filter = barefrom:authenticated"
settings >once
is 'postconf has nothing to say' "$(complaints)" ''
snippet port-25.sh "$port" && snippet submission.sh "$submission"
settings >twice
same 'run twice they do no harm' once twice
is 'as intended' "$(bed postconf -Ph "127.0.0.1:$port/inet/content_filter" \
	"127.0.0.1:$submission/inet/content_filter" | tr '\n' ' ')" 'barefrom:anonymous barefrom:authenticated '
is 'other options stay' "$(bed postconf -Ph "127.0.0.1:$port/inet/receive_override_options")" \
	no_milters,no_address_mappings

# More listeners: one whose own Received is taken away, one for a dry run; and a next hop that passes
# the filter a second time, as after a requeue. It differs in the recipient alone, or would loop.
snippet port-25.sh "$hidden"
bed postconf -Pe "127.0.0.1:$hidden/inet/cleanup_service_name = hiding"
bed postconf -Me "hiding/unix = hiding unix n - n - 0 cleanup -o header_checks=regexp:$etc/hide"
echo '/^Received: from [^ ]+ \(unknown/ IGNORE' >etc/hide
export dry_run=--dry-run
snippet port-25.sh "$dry" -e 's/barefrom.unix = barefrom/dry\/unix = dry/' \
	-e 's/barefrom_time/dry_time/' -e 's/= barefrom:/= dry:/'
unset dry_run
snippet port-25.sh "$port" -e 's/barefrom.unix = barefrom/again\/unix = again/' \
	-e 's/-- .*"/-- \\${user}@corp.example"/'
bed postfix check >said 2>&1
is 'postfix check ends well' $? 0
is 'and complains only of what a private instance has to do otherwise' \
	"$(cat said mail.log 2>/dev/null | grep -v -e 'not owned by group' -e 'not set-gid')" ''
bed_start

# Logged in: nothing changes, whatever the From says.
kept='authenticated|sasl-fact|kept|sent'
{
	printf 'Received: from pc ([192.0.2.9])\n\tby %s (Postfix) with ESMTP id 4fQ1Yx2bJ7z1abc;\n' "$host"
	printf '\tTue, 24 Nov 2026 10:00:00 +0000 (UTC)\n'
	printf 'DKIM-Signature: v=1; a=rsa-sha256; d=corp.example; s=x; h=from:subject;\n\tbh=AAAA; b=BBBB\n'
	printf 'From: "Alice  (IT)" \n <alice@corp.example> \nfrom: =?utf-8?q?B=C3=B6b?= <bob@corp.example>\n'
	printf 'Subject: caf\303\251 \n\n.\n..\n\351 8 bit\t\n\n'
} >full.eml
send "$submission" '<alice@corp.example> BODY=8BITMIME' kept@corp.example full.eml "$(login)"
delivered 'logged in at the submission listener: byte for byte' kept@corp.example alice@corp.example ESMTPA full.eml
audited 'audited' "$queued" "$kept"
is 'with the login, without an edit' "$(sql "$database" "SELECT auth_user, (SELECT count(*) FROM edit
	WHERE message = m.id) FROM message m WHERE queue_id = '$queued'")" 'alice@corp.example|0'
send "$port" '<alice@corp.example> BODY=8BITMIME' port25@corp.example full.eml "$(login)"
delivered 'logged in on port 25: the same' port25@corp.example alice@corp.example ESMTPA full.eml
audited 'audited' "$queued" "$kept"
send "$submission" '<alice@corp.example> BODY=8BITMIME' far@ascii.example full.eml "$(login)"
ok 'logged in, to another host' await in_sink far@ascii.example
sed '1,/^\tfor <far/d' sink/ascii.* >rest
same 'the same' rest full.eml
send "$submission" '<alice@corp.example>' many@corp.example bare.eml "AUTH PLAIN"
is 'no login by a cancelled one' "$queued" ''
send "$submission" '<alice@corp.example>' many@corp.example forged.eml \
	"AUTH PLAIN $(printf '\0alice@corp.example\0guess' | base64)"
ok 'a wrong password is refused' says '^535 ' said
ok 'and gets nothing in' says '^554 .*denied' said
send "$submission" '<a@out.example>' many@corp.example forged.eml
ok 'nobody submits without a login' says '^554 .*denied' said
send "$port" '<a@out.example>' port25-anonymous@corp.example forged.eml
delivered 'port 25 is still what it was' port25-anonymous@corp.example a@out.example ESMTP bare.eml
audited 'audited' "$queued" 'anonymous|sasl-fact|stripped|sent'

# Our Received is gone, the forged one is on top.
cat forged-trace forged.eml >lying.eml
cat forged-trace bare.eml >want.eml
send "$hidden" '<a@out.example>' hidden@corp.example lying.eml
delivered 'Received removed by header_checks, a forged one on top' hidden@corp.example a@out.example - want.eml
audited 'audited' "$queued" 'anonymous|sasl-fact|stripped|sent'
send "$hidden" '<a@out.example>' none@corp.example forged.eml
delivered 'none left' none@corp.example a@out.example - bare.eml
send "$hidden" '<alice@corp.example>' hidden-kept@corp.example full.eml "$(login)"
delivered 'logged in, none left: byte for byte' hidden-kept@corp.example alice@corp.example - full.eml

# The second pass has no login to show; what counts is the field below our own.
twice() { # twice RECIPIENT WORD FILE: the second re-injection's field is on top of the first's
	arrived "$1" && sed '2,3d' got >once.eml && untrace once.eml "$2" "$3" >rest && cmp rest "$4"
}
send "$submission" '<alice@corp.example>' second@twice.example full.eml "$(login)"
ok 'twice through the filter, logged in: byte for byte' twice second@corp.example alice@corp.example ESMTPA full.eml
is 'two fields of ours' "$(grep -c "^Received: by $host (Postfix, from userid $user_id)" got)" 2
second=$(sed -n 's/^\tid \([0-9A-Za-z]*\);.*/\1/p' once.eml | head -n 1)
audited 'audited twice' "$queued" "$kept"
audited 'the second time by the trace' "$second" 'authenticated|with|kept|sent'
send "$port" '<a@out.example>' second-anonymous@twice.example forged.eml
ok 'twice through the filter, anonymous' twice second-anonymous@corp.example a@out.example ESMTP bare.eml
second=$(sed -n 's/^\tid \([0-9A-Za-z]*\);.*/\1/p' once.eml | head -n 1)
audited 'the second time there is nothing left to do' "$second" 'anonymous|no-login|kept|sent'

# Dry run.
send "$dry" '<a@out.example>' dry@corp.example lying.eml
delivered 'dry run: nothing changes' dry@corp.example a@out.example ESMTP lying.eml
audited 'but what would be done is in the audit' "$queued" 'anonymous|sasl-fact|stripped|dry-run'

ok 'nothing is left in the queue' await queue_is_empty
is 'every row is settled' "$(sql "$database" "SELECT count(*) FROM message
	WHERE outcome NOT IN ('sent', 'dry-run')")" 0

# Beside another filter, as the README has it. Here it hands nothing back, but delivers at once.
bed postfix stop >stop.log 2>&1
bed postconf -Pe 'pickup/unix/content_filter = target:'
bed_start
send "$port" '<a@out.example>' beside@ascii.example forged.eml
delivered 'the other filter gets what barefrom hands back' beside@ascii.example a@out.example ESMTP bare.eml
audited 'audited once' "$queued" 'anonymous|sasl-fact|stripped|sent'
bed postconf -PX pickup/unix/content_filter

# Back again, as the README has it.
sed -n '/^### Back$/,/^### When/s/^ *\(postconf .*\)/\1/p' "$SRCDIR/data/postfix/README.md" |
	sed -e "s|smtp/inet|127.0.0.1:$port/inet|g" -e "s|submission/inet|127.0.0.1:$submission/inet|g" >back
back() { # back REGEX: those lines
	grep -e "$1" back >lines && bed sh -e lines >said 2>&1 && is_empty said
	result=$?
	settled
	bed postfix reload 2>err
	return $result
}
ok 'off the listeners' back -PX
rows_before=$(sql "$database" 'SELECT count(*) FROM message')
unfiltered() {
	send "$port" '<a@out.example>' back@corp.example forged.eml
	await has_arrived back@corp.example && grep -q 'Jane Doe' mail/back@corp.example.*
}
ok 'mail passes as it came' await unfiltered
is 'and is not audited' "$(sql "$database" 'SELECT count(*) FROM message')" "$rows_before"
ok 'then the service goes, and its settings' back '-[MX]'
for other in "$hidden" "$dry"; do
	bed postconf -PX "127.0.0.1:$other/inet/content_filter" "127.0.0.1:$other/inet/receive_override_options"
done
bed postconf -PX "127.0.0.1:$hidden/inet/cleanup_service_name"
bed postconf -MX hiding/unix dry/unix again/unix
bed postconf -X dry_time_limit
is 'but for the login on the listener' "$(bed postconf -P | grep smtpd_relay)" \
	"127.0.0.1:$submission/inet/smtpd_relay_restrictions = permit_sasl_authenticated,reject"
bed postconf -PX "127.0.0.1:$submission/inet/smtpd_relay_restrictions"
settings >left
same 'all is as it was' left none
