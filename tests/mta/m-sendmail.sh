# SPDX-License-Identifier: GPL-3.0-or-later
# Sendmail's own trace fields, and what a client can write into them.
. "${SRCDIR:?}/tests/mta/lib.sh"
. "$SRCDIR/tests/mta/sendmail.sh"
plan 33

sendmail_serve ''

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
