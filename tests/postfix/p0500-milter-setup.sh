# SPDX-License-Identifier: GPL-3.0-or-later
# data/postfix/milter.sh, typed as an administrator would: on a Postfix that has nothing, beside other
# milters, in place of the filter, and away again. Without BAREFROM_MILTER a stand-in is the milter.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 84

install -d -o $user -g "$(id -gn $owner)" -m 2750 spool/barefrom
cp "$SRCDIR/tests/postfix/test-milter.py" bin/ && chmod 644 bin/test-milter.py
bare="python3 $tmp/bin/test-milter.py unix:$tmp/spool/barefrom/milter.sock bare"
if [ -x "${BAREFROM_MILTER:-/nowhere}" ]; then
	cp "$BAREFROM_MILTER" bin/barefrom-milter && chmod 755 bin/barefrom-milter
	bare="$tmp/bin/barefrom-milter -c $tmp/barefrom.conf"
	printf '[milter]\nlisten=unix:%s/spool/barefrom/milter.sock\nsocket-group=%s\n' "$tmp" \
		"$(id -gn $owner)" >>barefrom.conf
fi
# serve NAME COMMAND: a milter, as the user of the filter; its socket is NAME.sock, its log NAME.log.
serve() {
	cat >serve <<END
echo \$\$ >$tmp/$1.pid
exec setpriv --reuid=$user --regid=$user_group --clear-groups -- $2 >>$tmp/$1.log 2>&1
END
	ask serve "$tmp/serve" && await test -S "spool/barefrom/$1.sock"
}
away() { # away NAME
	kill "$(cat "$1.pid")" && await has_ended "$1" && rm -f "spool/barefrom/$1.sock"
}
has_ended() { ! readlink "/proc/$(cat "$1.pid")/exe" >/dev/null; } # a dead child has none

# typed [NAME=VALUE...] -- [OPTION...]: the line that the script's first comment has.
typed() {
	set=
	while [ "$1" != -- ]; do
		set="$set $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	bed env $set sh "$SRCDIR/data/postfix/milter.sh" "$@" 2>said
	result=$?
	settled
	return $result
}
stops() { # stops WORDS ARGUMENT...: it says so, and changes nothing
	words=$1
	shift
	settings >before
	not typed "$@" && grep -q "^milter.sh: .*$words.*nothing was changed" said && settings | cmp - before
}
setting() { bed postconf -h "$1" 2>err; }
reloaded() { # no smtpd of before is left
	bed postfix stop >stop.log 2>&1
	bed_start
}
has_waited() { bed postqueue -j | grep -q '"queue_name": "deferred".*waiting@'; }
sends() { # sends NAME [PORT [LINE]]: the forged message, to NAME@corp.example
	recipient=$1@corp.example
	send "${2:-$port}" '<a@out.example>' "$recipient" forged.eml "${3-}"
}
hands_in() { # hands_in NAME: the same through sendmail(1)
	recipient=$1@corp.example
	bed "$sbin/sendmail" -i -f a@out.example "$recipient" <forged.eml
}
comes() { # comes REGEX: it has a From like that
	arrived "$recipient" && grep -qx "From: $1" got
}
is_bare='ceo@corp\.example' named='"Jane Doe, CEO" <ceo@corp\.example>'

# Nothing is there yet.
other="127.0.0.1:$hidden"
bed postconf -Fe "$other/inet/chroot = y" 2>err
bed postconf -Pe "$other/inet/smtpd_sasl_auth_enable = no" # its server is out of reach there
settings >none
ok 'no milter runs' stops "no socket $tmp/spool/barefrom/milter.sock: start" --
serve milter "$bare" || give_up 'the milter does not start'
serve other "python3 $tmp/bin/test-milter.py unix:$tmp/spool/barefrom/other.sock" || give_up 'nor another'
ok 'no such listener' stops 'no listener' listener=nowhere/inet --
ok 'an unknown option' stops 'unknown option' -- --behind
ok 'no such place' stops 'no milter called 8891' -- --before 8891
ok 'an address in the syntax of barefrom.conf' stops 'neither' socket=inet:8895@localhost --
screen="127.0.0.1:$dry/inet"
bed postconf -Me "$screen = 127.0.0.1:$dry inet n - n - 1 postscreen"
ok 'postscreen, which asks no milter' stops "$screen is postscreen, not smtpd.* smtpd/pass" "listener=$screen" --
bed postconf -Me "$screen = 127.0.0.1:$dry inet n - n - - smtpd"
mkdir apart
cp -a spool/barefrom/milter.sock apart/
ok 'a socket that a chrooted smtpd cannot see' stops 'out of reach' "socket=unix:$tmp/apart/milter.sock" --
bed postconf -e smtpd_proxy_filter=127.0.0.1:1
ok 'a proxy filter, which hides all mail' stops 'no message' --
bed postconf -X smtpd_proxy_filter
bed postconf -e content_filter=target:
ok 'a content filter, which may hand mail back' stops "hands back to 127.0.0.1:$port/inet would pass" --
bed postconf -X content_filter

ok 'it runs as shipped' typed --
ok 'and says what returning mail needs' grep -q "note: 127.0.0.1:$port/inet: if a content filter" said
settings >once
is 'postconf has nothing to say' "$(complaints)" ''
ok 'it runs twice' typed --
settings >twice
same 'which does no harm' once twice
is 'as intended' "$(setting smtpd_milters) $(setting non_smtpd_milters) $(setting barefrom_milter)" \
	'$barefrom_milter $barefrom_milter { unix:barefrom/milter.sock, protocol=6, default_action=tempfail, connect_timeout=10s, content_timeout=120s }'
ok 'another address' typed socket=inet:localhost:8895 --
is 'takes its place' "$(setting smtpd_milters) $(setting barefrom_milter | cut -d, -f 1)" \
	'$barefrom_milter { inet:localhost:8895'
ok 'shorter waits, and no local mail' \
	typed connect_timeout=3s content_timeout=40s command_timeout=9s local=no --
ok 'it waits no longer' \
	eval 'setting barefrom_milter | grep -q "connect_timeout=3s, content_timeout=40s, command_timeout=9s }"'
is 'local mail is left out' "$(setting smtpd_milters) $(setting non_smtpd_milters)" '$barefrom_milter '
typed --
bed postfix check >checked 2>&1
is 'postfix check ends well' $? 0
is 'and complains only of what a private instance has to do otherwise' \
	"$(cat checked mail.log 2>/dev/null | grep -v -e 'not owned by group' -e 'not set-gid')" ''
bed_start
sends smtp
ok 'mail by SMTP arrives bare' comes "$is_bare"
sends jailed "$hidden"
ok 'through a chrooted smtpd too' comes "$is_bare"
hands_in local
ok 'and mail of a program here' comes "$is_bare"
recipient=named@corp.example
printf 'Subject: x\n\nhi\n' | bed "$sbin/sendmail" -i -F 'Jane Doe' -f a@out.example "$recipient"
ok 'and the From that Postfix makes for one' comes 'a@out\.example'

# Away: the sender keeps the mail.
away milter
sends later
ok 'without a milter mail is put off' says '^451 4\.7\.1 ' said
hands_in queued
page=$SRCDIR/data/postfix/README.md
words='warning: connect to Milter service unix:barefrom/milter.sock'
ok 'the page has the words of the mail log' grep -qF -e "\`$words: " "$page"
ok 'which says them' await grep -qF -e "$words: " mail.log
rejected() { grep -q 'milter-reject: CONNECT from localhost' mail.log && bed postqueue -p | grep -q queued@; }
ok 'mail of programs waits' await rejected
is 'and no reason is listed' "$(bed postqueue -p | grep '(')" ''
serve milter "$bare"
sends later
ok 'with it again it comes' comes "$is_bare"
is 'once' "$(ls "mail/$recipient".* | wc -l)" 1
recipient=queued@corp.example
bed postqueue -f
ok 'so does what a program had handed in' comes "$is_bare"

# Away from the settings.
ok 'undone' typed -- --undo
is 'postconf has nothing to say' "$(complaints)" ''
bed postconf -X enable_long_queue_ids
settings >left
same 'all is as it was' left none
ok 'undone twice' typed -- --undo
reloaded
sends unfiltered
ok 'mail passes as it came' comes "$named"

# Beside another milter.
another=unix:barefrom/other.sock
bed postconf -e "smtpd_milters = { $another, connect_timeout=3s }" 'non_smtpd_milters=$smtpd_milters' \
	enable_long_queue_ids=yes milter_default_action=accept
settings >none
ok 'beside another milter' typed --
is 'by SMTP the last, locally the first' "$(setting smtpd_milters); $(setting non_smtpd_milters)" \
	"{ $another, connect_timeout=3s }, \$barefrom_milter; \$barefrom_milter, { $another, connect_timeout=3s }"
is "the other's own settings stay" "$(setting milter_default_action)" accept
reloaded
seen() { # seen REGEX: by the other milter
	comes "$is_bare" && grep -qx "X-Seen: $1" got
}
sends verified
ok 'what verifies sees the mail as it came' seen "$named"
hands_in signed
ok 'what signs local mail sees it bare' seen "$is_bare"
ok 'before it' typed -- --before barefrom/other
before="\$barefrom_milter, { $another, connect_timeout=3s }"
is 'there it is' "$(setting smtpd_milters)" "$before"
reloaded
sends signer
ok 'what signs sees the mail bare' seen "$is_bare"
typed --
is 'run again, it stays there' "$(setting smtpd_milters)" "$before"
typed -- --last
is 'the last again' "$(setting smtpd_milters)" "{ $another, connect_timeout=3s }, \$barefrom_milter"
typed -- --first
is 'the first' "$(setting smtpd_milters)" "$before"
reloaded
away milter
sends accept
ok 'away, mail is put off though others let it pass' says '^451 4\.7\.1 ' said
serve milter "$bare"
typed -- --undo
is 'undone, the other is there' "$(setting smtpd_milters); $(setting non_smtpd_milters)" \
	"{ $another, connect_timeout=3s }; { $another, connect_timeout=3s }"
bed postconf -e 'non_smtpd_milters=$smtpd_milters'
settings >left
same 'all else is as it was' left none

# One listener alone.
own() { bed postconf -Ph "127.0.0.1:$1/inet/smtpd_milters" 2>err; }
ok 'one listener' typed "listener=127.0.0.1:$port/inet" --
is 'has the list of main.cf and the milter' "$(own "$port")" "{$another,connect_timeout=3s},\$barefrom_milter"
is 'others have not' "$(setting smtpd_milters); $(setting non_smtpd_milters)" \
	"{ $another, connect_timeout=3s }; \$smtpd_milters"
ok 'undone' typed -- --undo
settings >left
same 'all is as it was' left none
bed postconf -Me "$screen = 127.0.0.1:$dry inet n - n - 1 postscreen" \
	'smtpd/pass = smtpd pass - - n - - smtpd'
settings >none
ok 'that behind postscreen' typed listener=smtpd/pass --
bed postconf -Pe "$screen/smtpd_milters = {$another,connect_timeout=3s},\$barefrom_milter"
reloaded
sends screened "$dry"
ok 'has the milter' comes "$is_bare"
ok 'undone' typed -- --undo
settings >left
same 'all is as it was, also where it had no effect' left none
bed postconf -Me "$screen = 127.0.0.1:$dry inet n - n - - smtpd"
bed postconf -MX smtpd/pass
bed postconf -Pe "127.0.0.1:$dry/inet/smtpd_milters=" "127.0.0.1:$submission/inet/receive_override_options=no_milters"
typed --
ok 'a listener that has none is named' grep -q "note: 127.0.0.1:$dry/inet has .*or none" said
ok 'and one that takes no milters' grep -q "note: 127.0.0.1:$submission/inet has .*or none" said
typed -- --undo
ok 'its empty list stays' eval "bed postconf -P | grep -q '^127.0.0.1:$dry/inet/smtpd_milters = *$'"
bed postconf -PX "127.0.0.1:$dry/inet/smtpd_milters" "127.0.0.1:$submission/inet/receive_override_options"
bed postconf -X smtpd_milters non_smtpd_milters milter_default_action

# From the filter, with a message in the queue that wants it.
settings >none
snippet port-25.sh "$port"
snippet submission.sh "$submission"
bed postconf -Pe "127.0.0.1:$port/inet/receive_override_options=no_address_mappings,no_header_body_checks"
mv bin/barefrom away
reloaded
sends waiting
await has_waited || give_up 'no message waits'
ok 'the filter is there' stops 'use --from-filter' --
bed postconf -Pe 'pickup/unix/content_filter = target:'
ok 'and another one behind it' stops 'no longer see mail from outside: set content_filter=.target:' \
	"listener=127.0.0.1:$port/inet" -- --from-filter
bed postconf -PX pickup/unix/content_filter

# Each state that the settings go through on the way is kept.
real=$(readlink bin/postconf)
rm bin/postconf
cat >bin/postconf <<END
#!/bin/sh
$real "\$@"
result=\$?
case \$1 in
-*[eX]*) n=\$(ls $tmp/steps | wc -l) && mkdir -p $tmp/steps/\$n && cp $etc/*.cf $tmp/steps/\$n/ ;;
esac
exit \$result
END
chmod 755 bin/postconf
mkdir steps
ok 'from the filter' typed -- --from-filter
ok 'and says what logins by certificate need' \
	grep -q "note: 127.0.0.1:$submission/inet: .*submission-daemons" said
rm bin/postconf
ln -s "$real" bin/postconf
cp etc/main.cf etc/master.cf .
unfiltered=
for step in steps/*; do
	cp "$step"/*.cf etc/
	mv away bin/barefrom
	reloaded
	sends "step-${step#*/}"
	comes "$is_bare" || unfiltered="$unfiltered $step"
	mv bin/barefrom away
done
cp main.cf master.cf etc/
is 'at no moment mail passes unfiltered' "$unfiltered" ''
ok 'of several' test "$(ls steps | wc -l)" -ge 5
reloaded
sends switched
ok 'the milter has taken over' comes "$is_bare"
ok 'it alone' not grep -q "^Received: by $host (Postfix, from userid $user_id)" got
is 'other options stay' "$(bed postconf -Ph "127.0.0.1:$port/inet/receive_override_options")" \
	no_header_body_checks
send "$port" '<a@out.example>' team@corp.example forged.eml
recipient=two@corp.example
ok 'aliases are looked up again' comes "$is_bare"
recipient=waiting@corp.example
ok 'what waits for the filter' stops 'messages in the queue still need the filter' -- --from-filter
mv away bin/barefrom
bed postqueue -f
ok 'goes through it' comes "$is_bare"
ok 'and then' await queue_is_empty
ok 'the rest' typed -- --from-filter
bed postconf -PX "127.0.0.1:$port/inet/receive_override_options"
bed postconf -PX "127.0.0.1:$submission/inet/smtpd_relay_restrictions"
settings >once
typed -- --undo
settings >left
same 'nothing of the filter is left' left none
ok 'nor is more to be done' typed -- --from-filter
settings >twice
same 'than what milter.sh does by itself' twice once

# The same with a filter behind it, which must be given the mail in its place.
typed -- --undo
snippet port-25.sh "$port"
bed postconf -Pe 'pickup/unix/content_filter = target:'
ok 'from the filter to the next one' \
	typed "listener=127.0.0.1:$port/inet" content_filter=target: -- --from-filter
is 'which has the mail of the listener' "$(bed postconf -Ph "127.0.0.1:$port/inet/content_filter" \
	"127.0.0.1:$port/inet/receive_override_options" | tr '\n' ' ')" 'target: no_address_mappings '
