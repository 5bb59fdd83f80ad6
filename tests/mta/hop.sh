# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Mail through the private server of keeper.sh, and what barefrom reads in the trace field that the
# server wrote. Every message has a forged field of ours below that.
cat forged-trace forged.eml >lying.eml
pc='EHLO pc.out.example'
wide=$(printf '<\303\251@out.example> SMTPUTF8')
mails=0
dialect= # for all that follows

# certificate FOLDER [CN]: key.pem and cert.pem, signed by itself.
certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1/key.pem" -out "$1/cert.pem" -days 2 \
		-subj "/CN=${2-$host}" >certificate.log 2>&1 || give_up "no certificate: $(cat certificate.log)"
}

# submit PORT LINE...: a session with these lines before MAIL FROM.
submit() {
	mails=$((mails + 1))
	submit_as '<a@out.example>' "r$mails@utf8.example" "$@"
}

# submit_as SENDER RECIPIENT PORT LINE...: SENDER may be followed by parameters.
submit_as() {
	sender=$1 recipient=$2 session_port=$3
	shift 3
	{
		for line; do printf '%s\n' "$line"; done
		printf 'MAIL FROM:%s\nRCPT TO:<%s>\nDATA\n' "$sender" "$recipient"
		cat lying.eml
		printf '.\nQUIT\n'
	} >session
	type_in "$session_port" <session
}

# refused NAME REGEX: the session before this, by an answer like that.
refused() { ok "$1" says "$2" said; }

# taken: waits for the message to $recipient at the next hop; copies it, without its envelope, to
# the file got.
taken() { await is_taken && sed '1,/^$/d' "$taken" >got; }
is_taken() { taken=$(grep -Fils "RCPT TO:<$recipient>" sink/*[0-9]) && [ -n "$taken" ]; }

# seen NAME WANT [OPTION...]: verdict, reason and action of the message to $recipient, then of the
# field that decided (or else the top one) by, with, peer, helo and user; "-" is what isn't there.
seen() {
	name=$1 want=$2
	shift 2
	: >got
	taken
	run explain --json -o database=none.db -o trusted-by=$host -o "comment-dialect=$dialect" "$@" got
	is "$name" "$(sqlite3 :memory: "$summary" 2>&1)" "$want"
}
summary="WITH d(j) AS (SELECT CAST(readfile('out') AS TEXT)), h(k) AS (
	SELECT value FROM d, json_each(j, '\$.hops') ORDER BY value ->> 'role' = 'boundary' DESC, key LIMIT 1)
	SELECT group_concat(coalesce(v, '-'), ' ') FROM (
		SELECT j ->> value AS v FROM d, json_each('[\"verdict\", \"reason\", \"action\"]') UNION ALL
		SELECT k ->> value FROM h, json_each('[\"by\", \"with\", \"peer\", \"helo\", \"user\"]'))"

# anonymous NAME WORD [HELO [OPTION...]]
anonymous() {
	name=$1 word=$2 helo=${3-pc.out.example}
	shift $(($# > 3 ? 3 : $#))
	seen "$name" "anonymous no-login stripped $host $word 127.0.0.1 $helo -" "$@"
}

# authenticated NAME WORD [USER [OPTION...]]
authenticated() {
	name=$1 word=$2 user_seen=${3--}
	shift $(($# > 3 ? 3 : $#))
	seen "$name" "authenticated with kept $host $word 127.0.0.1 pc.out.example $user_seen" "$@"
}

# What a client can write into the field that is ours: the addresses, and HELO. $esmtp is the server's
# word for a session without login.

# forge NAME SENDER [RECIPIENT [REASON]]
forge() {
	mails=$((mails + 1))
	submit_as "<$2>" "${3:-f$mails@utf8.example}" "$port" "$pc"
	seen "$1" "anonymous ${4-no-login} stripped $host ${esmtp:?} 127.0.0.1 pc.out.example -"
}

# greet PORT HELO WANT
greet() {
	submit "$1" "EHLO $2"
	seen "HELO: $2" "anonymous $3"
}

# without_login TLS_PORT WORD...: sessions without one, and the server's words for SMTP, ESMTP, ESMTP
# with TLS, HELO after TLS, and TLS from the start.
without_login() {
	submit "$port" 'HELO pc.out.example'
	anonymous 'SMTP' "$2"
	submit "$port" "$pc"
	anonymous 'ESMTP' "$3"
	submit "$port" "$pc" STARTTLS "$pc"
	anonymous 'ESMTP, TLS' "$4"
	submit "$port" "$pc" STARTTLS 'HELO pc.out.example'
	anonymous 'HELO after TLS' "$5"
	submit "tls:$1" "$pc"
	anonymous 'TLS from the start' "$6"
}

# wide_sessions WORD...: with SMTPUTF8, its words without login, with TLS, with a login, with both.
wide_sessions() {
	submit_as "$wide" wide1@utf8.example "$port" "$pc"
	anonymous 'SMTPUTF8' "$1"
	submit_as "$wide" wide2@utf8.example "$port" "$pc" STARTTLS "$pc"
	anonymous 'SMTPUTF8, TLS' "$2"
	submit_as "$wide" wide3@utf8.example "$port" "$pc" "$(login)"
	authenticated 'SMTPUTF8, a login' "$3"
	submit_as "$wide" wide4@utf8.example "$port" "$pc" STARTTLS "$pc" "$(login)"
	authenticated 'SMTPUTF8, a login, TLS' "$4"
}
