# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Mail through the private server of keeper.sh, and what barefrom reads in the trace field that the
# server wrote. Every message has a forged field of ours below that.
cat forged-trace forged.eml >lying.eml
pc='EHLO pc.out.example'
wide=$(printf '<\303\251@out.example> SMTPUTF8')
ours=$host
mails=0

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

# seen NAME WANT [OPTION...]: verdict, reason and action of the message to $recipient, then of its top
# field by, with, peer, helo and user; "-" is what isn't there.
seen() {
	name=$1 want=$2
	shift 2
	: >got
	taken
	run explain --json -o database=none.db -o trusted-by=$ours "$@" got
	is "$name" "$(sqlite3 :memory: "WITH d(j) AS (SELECT CAST(readfile('out') AS TEXT))
		SELECT group_concat(coalesce(j ->> p.value, '-'), ' ') FROM d, json_each('[\"$.verdict\",
			\"$.reason\", \"$.action\", \"$.hops[0].by\", \"$.hops[0].with\", \"$.hops[0].peer\",
			\"$.hops[0].helo\", \"$.hops[0].user\"]') p" 2>&1)" "$want"
}

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
