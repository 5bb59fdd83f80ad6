# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# A jail with Sendmail in it, and what makes its configuration; sourced after lib.sh.
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

# sendmail_serve LINES: with these lines in sendmail.mc. It takes mail on $port, and with TLS on $submission.
sendmail_serve() {
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
$1
MAILER(\`local')dnl
MAILER(\`smtp')dnl
END
	configure submit.cf <<END
define(\`RELAY_MAILER_ARGS', \`TCP \$h $port')dnl
FEATURE(\`msp', \`[127.0.0.1]')dnl
END
	jail_serve $sendmail -bD
}
