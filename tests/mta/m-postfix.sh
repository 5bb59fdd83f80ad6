# SPDX-License-Identifier: GPL-3.0-or-later
# Postfix's own trace fields, in the forms that depend on its settings, and what a client can write
# into them. Its filter is not in the way here: tests/postfix is about that.
. "${SRCDIR:?}/tests/postfix/lib.sh"
. "$SRCDIR/tests/mta/hop.sh"
plan 47

# $port: as it comes. $submission: shows logins and certificates. $dry: TLS from the start. $hidden:
# takes its own field away. All take mail for anywhere from anybody.
certificate etc
certificate . authenticated
cat key.pem cert.pem >client.pem
bed postconf "smtpd_tls_security_level = may" "smtpd_tls_key_file = $tmp/etc/key.pem" \
	"smtpd_tls_cert_file = $tmp/etc/cert.pem"
listener() { # listener PORT SETTING...
	of=127.0.0.1:$1/inet
	shift
	for setting; do bed postconf -P "$of/$setting"; done
}
listener "$submission" smtpd_sasl_authenticated_header=yes smtpd_tls_received_header=yes \
	smtpd_tls_ask_ccert=yes
listener "$dry" smtpd_tls_wrappermode=yes
listener "$hidden" cleanup_service_name=hiding
bed postconf -Me 'tlsmgr/unix = tlsmgr unix - - n 1000? 1 tlsmgr'
bed postconf -Me "hiding/unix = hiding unix n - n - 0 cleanup -o header_checks=regexp:$etc/hide"
echo '/^Received: from [^ ]+ \(unknown/ IGNORE' >etc/hide
bed_start

without_login "$dry" SMTP ESMTP ESMTPS ESMTPS ESMTPS
submit "$port" "$pc" "$(login)"
authenticated 'a login' ESMTPA
submit "$port" "$pc" STARTTLS "$pc" "$(login)"
authenticated 'a login, TLS' ESMTPSA
submit "tls:$dry" "$pc" "$(login)"
authenticated 'a login, TLS from the start' ESMTPSA
submit "$port" 'HELO pc.out.example' "$(login)"
anonymous 'a login after HELO is not shown' SMTP
seen 'but may be known' "authenticated sasl-fact kept $host SMTP 127.0.0.1 pc.out.example -" \
	--sasl-username=alice@corp.example --queue-id="$queued"
submit "$port" "$pc" "AUTH PLAIN $(printf '\0alice@corp.example\0guess' | base64)"
refused 'a wrong password' '^535 '
anonymous 'is no login' ESMTP

wide_sessions UTF8SMTP UTF8SMTPS UTF8SMTPA UTF8SMTPSA

# The login shown, and the certificate of the client: its name is "authenticated" (case d).
submit "$submission" "$pc" "$(login)"
authenticated 'a login that is shown' ESMTPA alice@corp.example
seen 'that of a relay' "anonymous relay-login stripped $host ESMTPA 127.0.0.1 pc.out.example alice@corp.example" \
	-o relay-accounts=Alice@corp.example
submit "$submission" "$pc" STARTTLS "$pc" "$(login)"
authenticated 'a login that is shown, TLS' ESMTPSA alice@corp.example
dialect='postfix sendmail'
submit "$submission" "$pc" STARTTLS "$pc"
anonymous 'd: the name in a certificate' ESMTPS
ok 'which is in the field' says '\(Client CN "authenticated"' got

# From this machine; and a filter that hands the message back.
recipient=l1@utf8.example
bed sendmail -i $recipient <lying.eml
seen 'a local user' "anonymous local-pickup stripped $host - - - -"
seen 'one who is known' "authenticated local-uid kept $host - - - -" -o user-uids=0
submit "$port" "$pc" "$(login)"
taken
cp got back.eml
recipient=l2@utf8.example
bed sendmail -G -i -f a@out.example -- $recipient <back.eml
seen 'a filter, of a login' "authenticated with kept $host ESMTPA 127.0.0.1 pc.out.example -" -o filter-uids=0
submit "$port" "$pc"
taken
cp got back.eml
recipient=l3@utf8.example
bed sendmail -G -i -f a@out.example -- $recipient <back.eml
seen 'a filter, of none' "anonymous no-login stripped $host ESMTP 127.0.0.1 pc.out.example -" -o filter-uids=0

# Its field taken away, the forged one is on top: what tells is what pipe(8) knows of the session.
submit "$hidden" "$pc"
seen 'no field of its own' \
	"anonymous sasl-fact stripped $host ESMTPSA 192.0.2.9 desk.corp.example ceo@corp.example" \
	--sasl-username= --queue-id="$queued"

# Forged addresses; of the sender's nothing is written.
esmtp=ESMTP
forge 'a quoted sender' '"a with esmtpsa b"@evil.example'
ok 'is not in the field' not says 'evil' got
forge 'e: the clause in a quoted recipient' a@evil.example '"a with ESMTPA b"@utf8.example'
ok 'which is in the field' says 'for <"a with ESMTPA b"@' got
forge 'it ends the angle' a@evil.example '"x> with ESMTPA"@utf8.example'
forge 'our own name in the recipient' a@evil.example "\"x; by $host with ESMTPA\"@utf8.example" malformed

# HELO, which it makes harmless.
plain="no-login stripped $host $esmtp 127.0.0.1"
for helo in by with esmtpsa '[127.0.0.1]' '[127.0.0.2]' '[IPv6:2001:db8::1]' 'x(y)' '<x' 'x;' \
	'"x with esmtpsa"' 'x) with esmtpsa (y' 'x) (authenticated bits=0' \
	'x (Authenticated sender: alice)' "x) by $host with esmtpsa id 1; ("; do
	greet "$port" "$helo" "$plain $(printf %s "$helo" | tr ' <>()";@' '?') -"
done
greet "$port" '[x' 'malformed stripped - - - - -'
