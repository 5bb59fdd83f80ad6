# SPDX-License-Identifier: GPL-3.0-or-later
# Beside a real OpenDKIM, in the order of milter.sh: what verifies sees foreign mail as it was signed, what
# barefrom-milter leaves alone keeps its signature, and our own signatures are valid afterwards. And what
# the other order does. OpenDKIM's library, by "opendkim -t", is the judge of what was delivered.
. "${SRCDIR:?}/tests/postfix/lib.sh"
[ -x "${BAREFROM_MILTER:-/nowhere}" ] || without 'There is no barefrom-milter: it is built where libsystemd is.'
opendkim=${MTA_ROOTS:=${BUILDDIR:-/nowhere}/mta}/opendkim
[ -d "$opendkim" ] || without "There is no OpenDKIM. Run: sh tests/packages.sh opendkim $opendkim, and set" \
	'MTA_ROOTS to the folder above that.'
plan 22

sockets=$tmp/spool/barefrom
install -d -o $user -g "$(id -gn $owner)" -m 2750 "$sockets"
cp "$opendkim/usr/sbin/opendkim" "$BAREFROM_MILTER" bin/
chmod 755 bin/opendkim bin/barefrom-milter

# The keys of both sides, and what DNS would say of them.
for domain in corp.example out.example; do
	openssl genrsa -out $domain.key 2048 2>openssl.log &&
		openssl rsa -in $domain.key -pubout 2>openssl.log | grep -v -e - | tr -d '\n' >public ||
		give_up "no key: $(cat openssl.log)"
	chown $user $domain.key
	echo "s._domainkey.$domain v=DKIM1; k=rsa; p=$(cat public)" >>keys
done
# dkim NAME MODE DOMAIN INTERNAL: an OpenDKIM on NAME.sock. Hosts of INTERNAL may have their mail signed;
# 192.0.2.1 is none that comes, so then a login is needed.
dkim() {
	echo "$4" >"$1.internal"
	cat >"$1.conf" <<END
Mode $2
Domain $3
Selector s
KeyFile $tmp/$3.key
Canonicalization relaxed/simple
OversignHeaders From
RequireSafeKeys no
AuthservID $host
InternalHosts $tmp/$1.internal
TestPublicKeys $tmp/keys
UMask 007
Syslog no
Socket local:$sockets/$1.sock
END
	serve "$1" "$tmp/bin/opendkim -f -x $tmp/$1.conf"
}
serve() { # serve NAME COMMAND: a milter, as the user of the filter; its socket is NAME.sock
	echo "exec setpriv --reuid=$user --regid=$user_group --clear-groups -- $2 >>$tmp/$1.log 2>&1" >serve
	ask serve "$tmp/serve" && await test -S "$sockets/$1.sock" || give_up "$1: $(cat "$1.log")"
}
dkim both sv corp.example 192.0.2.1
dkim signer s corp.example 127.0.0.1
dkim foreign s out.example 127.0.0.1
cat >>barefrom.conf <<END
[policy]
scope=domains directory
domains=corp.example
directory=$tmp/people
[milter]
listen=unix:$sockets/milter.sock
socket-group=$(id -gn $owner)
END
echo 'Jane Doe; jane.doe@corp.example' >people
serve milter "$tmp/bin/barefrom-milter -c $tmp/barefrom.conf"

bed postconf -e smtpd_milters=unix:barefrom/both.sock non_smtpd_milters=unix:barefrom/signer.sock
bed postconf -Pe "127.0.0.1:$hidden/inet/smtpd_milters=unix:barefrom/foreign.sock"
typed() { # typed [OPTION...]
	bed sh "$SRCDIR/data/postfix/milter.sh" "$@" 2>said
	result=$?
	settled
	return $result
}
ok 'milter.sh runs' typed
bed_start

# signed_by_them NAME FROM: NAME.eml, as a mail server at out.example would send it.
signed_by_them() {
	printf 'From: %s\nTo: all@corp.example\nSubject: x\nMessage-ID: <%s@out.example>\n\nhi\n' "$2" "$1" >plain.eml
	send "$hidden" '<a@out.example>' "$1@corp.example" plain.eml
	await has_arrived "$1@corp.example"
	sed -n '/^DKIM-Signature:/,$p' "$mail/$1@corp.example".* >"$1.eml"
}
is_valid() { # is_valid FILE: each signature in it
	printf 'Mode v\nTestPublicKeys %s\nRequireSafeKeys no\n' "$tmp/keys" >judge.conf
	bin/opendkim -x judge.conf -t "$1" >judged 2>&1
	cat judged
	grep -q 'verification.*succeeded' judged && ! grep -q -i 'fail\|no signature' judged
}
result() { # what the verifier found, of the message got
	sed -n '/^Authentication-Results:/,/^[^	 ]/s/.*dkim=\([a-z]*\).*/\1/p' got
}
has_from() { grep -qx "From: $1" got; }

signed_by_them stranger '"Bob" <bob@out.example>'
ok 'a stranger has signed' is_valid stranger.eml
send "$port" '<a@out.example>' mail1@corp.example stranger.eml
ok 'mail of a stranger: it comes' arrived mail1@corp.example
ok 'it keeps its name' has_from '"Bob" <bob@out.example>'
is 'it was found good' "$(result)" pass
ok 'its signature is valid' is_valid got
audited 'audited' "$queued" 'anonymous|sasl-fact|kept|answered'

signed_by_them forger '"Jane Doe, CEO" <x@out.example>'
ok 'a forger has signed' is_valid forger.eml
send "$port" '<a@out.example>' mail2@corp.example forger.eml
ok 'a forgery: it comes' arrived mail2@corp.example
ok 'bare' has_from x@out.example
is 'who verifies has seen it as it was signed' "$(result)" pass
ok 'its signature is not valid any more' not is_valid got
is 'the audit says that there was one' "$(sql "$database" "SELECT action, signatures FROM message
	WHERE queue_id = '$queued'")" 'stripped|["dkim"]'

printf 'From: "Alice" <alice@corp.example>\nTo: all@corp.example\nSubject: x\n\nhi\n' >alice.eml
send "$submission" '<alice@corp.example>' mail3@corp.example alice.eml "$(login)"
ok 'mail of a user: it comes' arrived mail3@corp.example
ok 'with the name' has_from '"Alice" <alice@corp.example>'
ok 'signed by us, validly' is_valid got
printf 'From: "Cron Daemon" <root@corp.example>\nTo: all@corp.example\nSubject: x\n\nhi\n' >cron.eml
bed "$sbin/sendmail" -i -f root@corp.example mail4@corp.example <cron.eml
ok 'mail of a program here: it comes' arrived mail4@corp.example
ok 'bare' has_from root@corp.example
ok 'signed by us, validly' is_valid got

# The other order, for the page says what it does.
ok 'barefrom before the verifier' typed --before barefrom/both
bed postfix stop >stop.log 2>&1
bed_start
send "$port" '<a@out.example>' mail5@corp.example forger.eml
ok 'a forgery: it comes' arrived mail5@corp.example
is 'its signature was found broken' "$(result)" fail
