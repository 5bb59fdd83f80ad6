# SPDX-License-Identifier: GPL-3.0-or-later
# Exim's own trace fields, and what a client can write into them.
. "${SRCDIR:?}/tests/mta/lib.sh"
plan 55

jail exim /usr/sbin/exim4
jail_user Debian-exim 120
mkdir -p "$jail/etc/exim4" "$jail/var/spool/exim4"
certificate "$jail/etc"
: >"$jail/var/spool/exim4/mainlog"
ln -s "$jail/var/spool/exim4/mainlog" mail.log
chown 120:120 "$jail/var/spool/exim4" "$jail/var/spool/exim4/mainlog" "$jail/etc/key.pem"
# As permissive as an Exim can be, so that nothing but barefrom stands against the forger; on $hidden
# it even takes any HELO.
cat >"$jail/etc/exim4/exim4.conf" <<END
primary_hostname = $host
qualify_domain = corp.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port:?} : ${submission:?} : ${hidden:?}
tls_on_connect_ports = $submission
tls_advertise_hosts = *
tls_certificate = /etc/cert.pem
tls_privatekey = /etc/key.pem
smtputf8_advertise_hosts = *
helo_accept_junk_hosts = \${if eq{\$received_port}{$hidden}{*}{:}}
acl_smtp_mail = accept
acl_smtp_rcpt = accept
acl_smtp_data = accept
acl_not_smtp = accept
log_file_path = /var/spool/exim4/%slog
keep_environment =
begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = next_hop
begin transports
next_hop:
  driver = smtp
  port = ${utf8_port:?}
  allow_localhost
  hosts_try_fastopen = :
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{alice@corp.example}}{eq{\$auth3}{secret}}}}
  server_set_id = \$auth2
END
jail_serve /usr/sbin/exim4 -bdf

without_login "$submission" smtp esmtp esmtps smtps esmtps
submit "$port" "$pc" "$(login)"
authenticated 'a login' esmtpa
submit "$port" "$pc" STARTTLS "$pc" "$(login)"
authenticated 'a login, TLS' esmtpsa
submit "tls:$submission" "$pc" "$(login)"
authenticated 'a login, TLS from the start' esmtpsa
submit "$port" 'HELO pc.out.example' "$(login)"
refused 'no login after HELO' '^503 AUTH'
submit "$port" "$pc" "AUTH PLAIN $(printf '\0alice@corp.example\0guess' | base64)"
refused 'a wrong password' '^535 '
anonymous 'is no login' esmtp

# SMTPUTF8 goes before Exim's own word, and asks for nothing.
wide_sessions utf8esmtp utf8esmtps utf8esmtpa utf8esmtpsa

# From this machine: a user, whatever he is called. A session of exim -bs may log in; and whom Exim
# trusts may choose the word, as a server in front of it must.
exim() { inside /usr/sbin/exim4 -odf "$@" >local.log 2>&1; }
recipient=l1@utf8.example
exim -oi -f '' $recipient <lying.eml
seen 'a local user' "anonymous local-pickup stripped $host local - root -"
seen 'one who is known' "authenticated local-uid kept $host local - root -" -o user-uids=root
recipient=l2@utf8.example
as_nobody /usr/sbin/exim4 -odf -oi -oMr esmtpsa $recipient <lying.eml >local.log 2>&1
seen 'another user can choose no word' "anonymous local-pickup stripped $host local - nobody -" -o user-uids=root
# A scanner puts mail back as a user whom Exim trusts, with a word that it chooses.
{
	printf 'Received: from pc.out.example ([203.0.113.9])\n\tby %s with esmtpsa (Exim 4.96) id 1; Mon\n' "$host"
	cat lying.eml
} >scanned.eml
recipient=l6@utf8.example
exim -oi -f '' -oMr sa-scanned $recipient <scanned.eml
seen 'a scanner' "anonymous local-pickup stripped $host sa-scanned - root -"
seen 'one that is known' "authenticated with kept $host esmtpsa 203.0.113.9 pc.out.example -" -o filter-uids=root
recipient=l7@utf8.example
exim -oi -f '' -oMr esmtpsa $recipient <lying.eml
seen 'the word of a login is none' "anonymous local-pickup stripped $host esmtpsa - root -"
seen 'and leaves no user' "anonymous local-pickup stripped $host esmtpsa - root -" -o user-uids=root
session() { # session RECIPIENT LINE...: exim -bs
	recipient=$1
	shift
	{
		for line; do echo "$line"; done
		printf 'MAIL FROM:<a@out.example>\nRCPT TO:<%s>\nDATA\n' "$recipient"
		cat lying.eml
		printf '.\nQUIT\n'
	} >session
	exim -bs <session
}
session l3@utf8.example "$pc"
seen 'a local session' "anonymous local-pickup stripped $host local-esmtp - pc.out.example -"
seen 'of one who is known' "authenticated local-uid kept $host local-esmtp - pc.out.example -" -o user-uids=root
session l4@utf8.example 'HELO pc.out.example'
seen 'a local session, HELO' "anonymous local-pickup stripped $host local-smtp - pc.out.example -"
session l5@utf8.example "$pc" "$(login)"
seen 'a local session with a login' "authenticated with kept $host local-esmtpa - pc.out.example -"

# Forged addresses.
esmtp=esmtp
forge 'a: the clause in a quoted sender' '"a with esmtpsa b"@evil.example'
forge 'b: which ends the comment, a second clause' '"x) with esmtpsa (y"@evil.example' '' malformed
forge 'c: which ends the comment, another comment' '"x) (authenticated bits=0) (y"@evil.example'
anonymous 'the same, where such comments count' esmtp pc.out.example -o comment-dialect=sendmail
forge 'our own name in the sender' "\"x) by $host with esmtpsa (y\"@evil.example" '' malformed
forge 'e: the clause in a quoted recipient' a@evil.example '"a with ESMTPA b"@utf8.example'
forge 'our own name in the recipient' a@evil.example "\"x; by $host with esmtpsa\"@utf8.example" malformed


# HELO. One that is the client's address is not written.
plain="no-login stripped $host $esmtp 127.0.0.1"
greet "$port" '[127.0.0.1]' "no-login stripped $host esmtp - [127.0.0.1] -"
for helo in by with esmtpsa 127.0.0.2 '[127.0.0.2]' '[IPv6:2001:db8::1]'; do
	greet "$port" "$helo" "$plain $helo -"
done
# What it refuses there, and writes as it came where it may not refuse it.
for helo in 'x(y)' '[x' '<x' 'x;'; do
	submit "$port" "EHLO $helo"
	refused "HELO refused: $helo" '^501 .*EHLO'
	greet "$hidden" "$helo" "$plain $helo -"
done
greet "$hidden" '"x with esmtpsa"' "$plain \"x -"
greet "$hidden" 'x(authenticated bits=0)' "$plain x(authenticated -"
greet "$hidden" 'x) with esmtpsa (y' 'malformed stripped - - 127.0.0.1 x -'
greet "$hidden" "x by $host with esmtpsa id 1; (" 'malformed stripped - - - [127.0.0.1] -'
greet "$hidden" "x) by $host with esmtpsa id 1; (" "malformed stripped $host esmtpsa 127.0.0.1 x -"
greet "$hidden" 'x) (authenticated bits=0' "$plain x -"
seen 'the same, where such comments count' "anonymous $plain x -" -o comment-dialect=sendmail
