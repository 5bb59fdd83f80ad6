# SPDX-License-Identifier: GPL-3.0-or-later
# Sendmail's own trace fields, and what a client can write into them.
. "${SRCDIR:?}/tests/mta/lib.sh"
plan 33

sendmail=/usr/libexec/sendmail/sendmail
jail sendmail $sendmail
plugin=$(cd "$unpacked" && echo usr/lib/*/sasl2/libplain.so)
mkdir -p "$jail/${plugin%/*}" "$jail/etc/mail" "$jail/etc/sasl2" "$jail/var/spool/mqueue" \
	"$jail/var/spool/clientmqueue" "$jail/var/run/sendmail/mta" "$jail/var/run/saslauthd"
cp -L "$unpacked/$plugin" "$jail/$plugin"
libraries "$jail/$plugin"
jail_user smmsp 121
chmod 700 "$jail/var/spool/mqueue"
chown 121:121 "$jail/var/spool/clientmqueue"
chmod 770 "$jail/var/spool/clientmqueue"
certificate "$jail/etc/mail"
ask saslauthd "$jail/var/run/saslauthd/mux" || give_up "no saslauthd: $ended"
cat >"$jail/etc/sasl2/Sendmail.conf" <<END
pwcheck_method: saslauthd
saslauthd_path: /var/run/saslauthd/mux
mech_list: PLAIN
END
echo 'hosts files' >"$jail/etc/mail/service.switch" # no DNS
: >"$jail/etc/mail/local-host-names"
: >"$jail/etc/mail/aliases"

# configure FILE: its macros on standard input. The form of the trace field is Sendmail's own.
configure() {
	cf=$unpacked/usr/share/sendmail/cf/
	{
		echo "OSTYPE(\`linux')dnl"
		echo "define(\`confDOMAIN_NAME', \`$host')dnl"
		echo "define(\`confTO_IDENT', \`0')dnl"
		echo "define(\`confDONT_PROBE_INTERFACES', \`true')dnl"
		echo "FEATURE(\`nocanonify')dnl"
		cat
	} >"$1.mc"
	"$unpacked/usr/bin/m4" -D_CF_DIR_="$cf" "$cf/m4/cf.m4" "$1.mc" >"$jail/etc/mail/$1" 2>m4.log ||
		give_up "m4 fails: $(cat m4.log)"
}
configure sendmail.cf <<END
define(\`SMART_HOST', \`relay:[127.0.0.1]')dnl
define(\`RELAY_MAILER_ARGS', \`TCP \$h ${utf8_port:?}')dnl
define(\`confDELIVERY_MODE', \`interactive')dnl
define(\`confAUTH_MECHANISMS', \`PLAIN')dnl
TRUST_AUTH_MECH(\`PLAIN')dnl
define(\`confSERVER_CERT', \`/etc/mail/cert.pem')dnl
define(\`confSERVER_KEY', \`/etc/mail/key.pem')dnl
define(\`confCACERT', \`/etc/mail/cert.pem')dnl
define(\`confCACERT_PATH', \`/etc/mail')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`accept_unresolvable_domains')dnl
FEATURE(\`promiscuous_relay')dnl
DAEMON_OPTIONS(\`Name=open, Addr=127.0.0.1, Port=${port:?}')dnl
DAEMON_OPTIONS(\`Name=tls, Addr=127.0.0.1, Port=${submission:?}, Modifiers=s')dnl
MAILER(\`local')dnl
MAILER(\`smtp')dnl
END
configure submit.cf <<END
define(\`RELAY_MAILER_ARGS', \`TCP \$h $port')dnl
FEATURE(\`msp', \`[127.0.0.1]')dnl
END
jail_serve $sendmail -bD

without_login "$submission" SMTP ESMTP ESMTPS SMTP ESMTPS
submit "$port" "$pc" "$(login)"
authenticated 'a login' ESMTPA
submit "$port" 'HELO pc.out.example' "$(login)"
authenticated 'a login after HELO' ESMTPA
submit "$port" "$pc" STARTTLS "$pc" "$(login)"
authenticated 'a login, TLS' ESMTPSA
submit "tls:$submission" "$pc" "$(login)"
authenticated 'a login, TLS from the start' ESMTPSA
submit "$port" "$pc" "AUTH PLAIN $(printf '\0alice@corp.example\0guess' | base64)"
refused 'a wrong password' '^535 '
anonymous 'is no login' ESMTP
submit_as '<a@out.example> AUTH=alice@corp.example' said@utf8.example "$port" "$pc"
anonymous 'nor is the word of the client' ESMTP

# From this machine. The usual way is by a queue of the users' own, which gives the mail to the server.
pickup="anonymous no-login stripped $host - - - -"
recipient=l1@utf8.example
inside $sendmail -Am -i $recipient <lying.eml >local.log 2>&1
seen 'a local user' "$pickup"
recipient=l2@utf8.example
inside $sendmail -Ac -i $recipient <lying.eml >local.log 2>&1
seen 'a local user, the usual way' "anonymous no-login stripped $host ESMTPS 127.0.0.1 $host -"
seen 'the field below that' "$pickup" -o relay-nets=127.0.0.1

# Forged addresses and HELO names, where Sendmail's comments count.
esmtp=ESMTP dialect=sendmail
forge 'c: a comment in a quoted sender' '"x) (authenticated bits=0) (y"@evil.example'
forge 'e: the clause in a quoted recipient' a@evil.example '"a with ESMTPA b"@utf8.example'
forge 'it ends the angle' a@evil.example '"x> with ESMTPA"@utf8.example'
forge 'our own name in the recipient' a@evil.example "\"x; by $host with ESMTPA\"@utf8.example" malformed

# HELO. One that it refuses is as none at all: it shows the name of the client instead.
plain="no-login stripped $host $esmtp 127.0.0.1"
for helo in by with esmtpsa '[127.0.0.1]' '[127.0.0.2]' '[IPv6:2001:db8::1]'; do
	greet "$port" "$helo" "$plain $helo -"
done
greet "$port" '[x' 'malformed stripped - - - - -'
for helo in 'x(y)' '<x' 'x;' '"x with esmtpsa"' 'x) with esmtpsa (y' 'x) (authenticated bits=0' \
	"x) by $host with esmtpsa id 1; ("; do
	greet "$port" "$helo" "$plain $host -"
done
