# SPDX-License-Identifier: GPL-3.0-or-later
# OpenSMTPD's own trace fields, and what a client can write into them. It has no SMTPUTF8, and no
# login without TLS.
. "${SRCDIR:?}/tests/mta/lib.sh"
plan 35

jail opensmtpd /usr/sbin/smtpd /usr/sbin/smtpctl
jail_user opensmtpd 121
jail_user opensmtpq 122
ln -s smtpctl "$jail/usr/sbin/sendmail"
chown 0:122 "$jail/usr/sbin/smtpctl"
chmod 2755 "$jail/usr/sbin/smtpctl"
mkdir -p "$jail/var/spool/smtpd" "$jail/var/lib/opensmtpd/empty"
chmod 711 "$jail/var/spool/smtpd"
certificate "$jail/etc"
# Debian 12's OpenSMTPD finds no private key with OpenSSL 3 (its issues 1171 and 1239): only ciphers
# that need none are left. The trace field is the same.
echo 'aNULL:@SECLEVEL=0' >client-ciphers
secret=$(openssl passwd -6 secret) || give_up 'no password'
cat >"$jail/etc/smtpd.conf" <<END
smtp ciphers "aNULL:@SECLEVEL=0"
pki "mx" cert "/etc/cert.pem"
pki "mx" key "/etc/key.pem"
table users { alice@corp.example = "$secret" }
listen on 127.0.0.1 port ${port:?} tls pki "mx" auth-optional <users> hostname $host received-auth
listen on 127.0.0.1 port ${submission:?} smtps pki "mx" auth-optional <users> hostname $host
listen on 127.0.0.1 port ${hidden:?} tls pki "mx" auth-optional <users> hostname $host mask-src
action next relay host smtp://127.0.0.1:${utf8_port:?}
match from any for any action next
END
jail_serve /usr/sbin/smtpd -d

without_login "$submission" SMTP ESMTP ESMTPS SMTPS ESMTPS
submit "$port" "$pc" STARTTLS "$pc" "$(login)"
authenticated 'a login, TLS' ESMTPSA
submit "$port" "$pc" STARTTLS 'HELO pc.out.example' "$(login)"
authenticated 'a login after HELO, TLS' SMTPSA
submit "tls:$submission" "$pc" "$(login)"
authenticated 'a login, TLS from the start' ESMTPSA
submit "$port" "$pc" "$(login)"
refused 'no login without TLS' '^503 '
anonymous 'is none' ESMTP
submit "$port" "$pc" STARTTLS "$pc" "AUTH PLAIN $(printf '\0alice@corp.example\0guess' | base64)"
refused 'a wrong password' '^535 '
anonymous 'is none either' ESMTPS

# mask-src: no from, and a field that begins with a fold.
submit "$hidden" "$pc"
seen 'a hidden client' "anonymous no-login stripped $host ESMTP - - -"
submit "$hidden" "$pc" STARTTLS "$pc" "$(login)"
seen 'a hidden client with a login' "authenticated with kept $host ESMTPSA - - -"

# From this machine. OpenSMTPD takes each of its users for logged in, and says so.
recipient=l1@utf8.example
as_nobody /usr/sbin/sendmail -f l@corp.example $recipient <lying.eml >local.log 2>&1
seen 'a local user' "anonymous local-pickup stripped $host ESMTPA - localhost -"

# Forged addresses are none to it; nor are most HELO names.
esmtp=ESMTP
for sender in '"a with esmtpsa b"@evil.example' '"x) with esmtpsa (y"@evil.example' \
	'"x) (authenticated bits=0) (y"@evil.example'; do
	submit_as "<$sender>" f@utf8.example "$port" "$pc"
	refused "a sender: $sender" '^553 .*syntax'
done
for rcpt in '"a with ESMTPA b"@utf8.example' '"x> with ESMTPA"@utf8.example' 'a(b)@utf8.example'; do
	submit_as '<a@evil.example>' "$rcpt" "$port" "$pc"
	refused "a recipient: $rcpt" '^501 .*syntax'
done
plain="no-login stripped $host $esmtp 127.0.0.1"
for helo in by with esmtpsa a_b '[127.0.0.1]' '[127.0.0.2]' '[IPv6:2001:db8::1]'; do
	greet "$port" "$helo" "$plain $helo -"
done
for helo in 'x(y)' '<x' 'x;' '[x' '"x with esmtpsa"' 'x) with esmtpsa (y' \
	"x) by $host with esmtpsa id 1; ("; do
	submit "$port" "EHLO $helo"
	refused "HELO refused: $helo" '^501 .*Invalid domain name'
done
