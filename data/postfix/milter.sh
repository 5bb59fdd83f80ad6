# SPDX-License-Identifier: GPL-3.0-or-later
# Sends mail through barefrom-milter: mail that comes in by SMTP, with a login or without, and mail that
# programs on this host hand in through sendmail(1). Run this as root; running it twice does no harm:
#   sh milter.sh && postfix check && postfix reload
#   sh milter.sh --first | --last | --before ENTRY    its place in smtpd_milters, see below
#   sh milter.sh --from-filter                        instead of port-25.sh and submission.sh
#   sh milter.sh --undo
# The environment overrides the lines below, for example
#   socket=inet:127.0.0.1:8895 sh milter.sh
#
# First edit /etc/barefrom.conf and start barefrom-milter; README.md says how.

# Where barefrom-milter listens, as Postfix names it. A path without a leading / is below the queue
# directory, chrooted or not: Debian's smtpd is chrooted there and reaches no other socket.
socket=${socket:-unix:barefrom/milter.sock}

# Use 2s with an inet: name that has several addresses: each session waits that long for a silent one.
# Not the 30 s of Postfix: a running milter takes a connection in milliseconds, even if it hangs.
connect_timeout=${connect_timeout:-10s}

# How long the end of a message waits: more than the deadline of barefrom.conf (25 s), so that barefrom
# can say why, and far less than the 10 minutes after which a client sends the message again.
content_timeout=${content_timeout:-120s}

# How long a new session waits if barefrom-milter hangs. Empty: Postfix's 30 s. Nothing else waits:
# between the start of a session and the end of a message barefrom-milter answers nothing.
command_timeout=${command_timeout-}

# A single listener, as "postconf -M" names it, such as smtp/inet. Empty: all, by main.cf.
listener=${listener-}

# no: mail handed in through sendmail(1) does not pass the milter.
local=${local:-yes}

# The new content_filter of the listeners from which --from-filter removes barefrom's. Empty: none.
content_filter=${content_filter-}

stop() {
	echo "milter.sh: $1; nothing was changed" >&2
	exit 1
}
note() { echo "milter.sh: note: $1" >&2; }

set -f # a name such as [::1]:10025 is no pattern
do='' place=''
while [ $# -gt 0 ]; do
	case $#:$1 in
	*:--first | *:--last) place=${1#--} ;;
	1:--before) stop '--before needs an entry of smtpd_milters' ;;
	*:--before) place="before $2" && shift ;;
	*:--from-filter | *:--undo) do=${1#--} ;;
	*) stop "unknown option $1" ;;
	esac
	shift
done

# The settings of this milter are in a parameter of their own, so that those of others stay as they are.
# default_action=tempfail: while the milter is not running, mail waits with its sender. "accept" would
#   let names through, and so would "quarantine" once such mail is released.
us='$barefrom_milter'
milter="{ $socket, protocol=6, default_action=tempfail, connect_timeout=$connect_timeout, content_timeout=$content_timeout${command_timeout:+, command_timeout=$command_timeout} }"

# entries LIST: prints each entry on a line; blanks and commas in { } do not end one.
entries() {
	printf '%s\n' "$1" | awk '{
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "{") depth++
			if (c == "}") depth--
			if (!depth && c ~ /[ \t,]/) { if (word != "") print word; word = "" }
			else word = word c
		}
		if (word != "") print word
		word = ""
	}'
}
# with_us LIST PLACE DEFAULT: prints LIST with the milter in it. Without PLACE, it stays where it is.
with_us() {
	entries "$1" | awk -v us="$us" -v place="$2" -v standard="$3" '
		{ all[++m] = $0 }
		$0 == us { there = 1; next }
		{ list[++n] = $0 }
		END {
			if (there && place == "") { put(all, m, 0); exit }
			if (place == "") place = standard
			at = place == "first" ? 1 : n + 1
			if (sub(/^before /, "", place)) {
				for (at = 1; at <= n && !index(list[at], place); at++) ;
				if (at > n) exit 1
			}
			put(list, n, at)
		}
		function put(l, n, at,   i, out) {
			for (i = 1; i <= n + 1; i++) {
				if (i == at) out = out ", " us
				if (i <= n) out = out ", " l[i]
			}
			print substr(out, 3)
		}'
}
without_us() {
	entries "$1" | awk -v us="$us" '$0 != us { out = out ", " $0 } END { print substr(out, 3) }'
}
has_us() { entries "$1" | grep -qxF -e "$us"; }
main() { postconf -h "$1" 2>/dev/null; }
set_main() { [ "$(main "$1")" = "$2" ] || postconf -e "$1 = $2"; }
clear_main() { # clear_main NAME: of the milter; what else is there stays
	has_us "$(main "$1")" || return 0
	rest=$(without_us "$(main "$1")")
	if [ -n "$rest" ]; then postconf -e "$1 = $rest"; else postconf -X "$1"; fi
}
own() { postconf -P "$1/$2" 2>/dev/null; } # own LISTENER NAME: empty if main.cf's applies
own_value() { postconf -Ph "$1/$2" 2>/dev/null; }
set_own() { [ "$(own_value "$1" "$2")" = "$3" ] || postconf -Pe "$1/$2 = $3"; }
service() { postconf -M "$1" 2>/dev/null; }
has_no_milters() { # has_no_milters LISTENER: neither main.cf's nor any
	case $(own_value "$1" receive_override_options),$(main receive_override_options) in
	*no_milters*) ;;
	*) return 1 ;;
	esac
}
is_local() { case $1 in 127.* | localhost:* | *::1\]:*) ;; *) return 1 ;; esac; }
listeners() { postconf -M | awk '$8 == "smtpd" { print $1 "/" $2 }'; }
# tight LIST: prints it without the blanks, which postconf does not accept in master.cf.
tight() { printf '%s\n' "$1" | sed -E 's/[ \t]*([{},])[ \t]*/\1/g; s/[ \t]+/,/g'; }

# Undo: first the lists. Their other entries stay.
if [ "$do" = undo ]; then
	others=$(tight "$(without_us "$(main smtpd_milters)")")
	for one in $(postconf -P | sed -n 's|/smtpd_milters *=.*||p'); do
		list=$(own_value "$one" smtpd_milters)
		has_us "$list" || continue
		list=$(tight "$(without_us "$list")")
		if [ "$list" = "$others" ]; then # as in main.cf
			postconf -PX "$one/smtpd_milters"
		else
			postconf -Pe "$one/smtpd_milters = $list"
		fi
	done
	clear_main smtpd_milters
	clear_main non_smtpd_milters
	postconf -X barefrom_milter 2>/dev/null # it warns that no list names it any more
	exit
fi

# What would conflict.
case $(main mail_version) in [012].*) stop 'this Postfix is older than 3.0' ;; esac
if [ -n "$listener" ]; then
	command=$(service "$listener" | awk '{ print $8 }')
	[ -n "$command" ] || stop "master.cf has no listener $listener"
	[ "$command" = smtpd ] || stop "$listener is $command, not smtpd; behind postscreen it is smtpd/pass"
fi
for one in ${listener:-$(listeners)}; do
	proxy=$(main smtpd_proxy_filter)
	[ -z "$(own "$one" smtpd_proxy_filter)" ] || proxy=$(own_value "$one" smtpd_proxy_filter)
	[ -z "$proxy" ] || stop "$one has the smtpd_proxy_filter $proxy: a milter sees no message there"
done
case $socket in
unix:*)
	queue=$(main queue_directory) path=${socket#unix:}
	if [ ! -S "$queue/$path" ]; then
		{ [ "${path#/}" != "$path" ] && [ -S "$path" ]; } ||
			stop "there is no socket $queue/$path: start barefrom-milter, with listen=unix:$queue/$path"
		[ -z "$(postconf -M | awk '$5 == "y" && ($8 == "smtpd" || $8 == "cleanup")')" ] ||
			stop "$path is out of reach: smtpd and cleanup are chrooted in $queue"
	fi
	;;
inet:*:*) ;;
*) stop "the socket $socket is neither unix:PATH nor inet:HOST:PORT" ;;
esac

# Mail that a content filter hands back has passed already, and its session shows no login any more.
if [ -z "$listener" ] && [ -n "$(main content_filter; postconf -P | sed -n 's|^[^ ]*/content_filter *= *||p' |
	grep -v '^barefrom:')" ]; then
	for one in $(listeners); do
		! is_local "$one" || [ -n "$(own "$one" smtpd_milters)" ] || has_no_milters "$one" ||
			stop "mail that a filter hands back to $one would pass the milter too: first run postconf -Pe '$one/smtpd_milters='"
	done
fi

# The filter that port-25.sh and submission.sh have set, if any.
filtered=$(postconf -P | sed -n 's|^\([^ ]*\)/content_filter *= *barefrom:.*|\1|p')
barefrom=$(service barefrom/unix)
[ -z "$filtered$barefrom" ] || [ "$do" = from-filter ] || stop 'the pipe filter is set up here: use --from-filter'
if [ -n "$filtered" ]; then
	beside=$(own_value pickup/unix content_filter)
	[ -z "$beside" ] || [ -n "$content_filter" ] ||
		stop "the filter of pickup would no longer see mail from outside: set content_filter='$beside'"
	for one in $filtered; do
		[ "${listener:-$one}" = "$one" ] || stop "$one has the filter too, and would be left with neither"
		! has_no_milters "$one" || stop "$one has no_milters in receive_override_options"
	done
elif [ -n "$barefrom" ]; then
	queue=$(postqueue -j) || stop 'the queue cannot be read'
	waiting=$(printf '%s\n' "$queue" | sed -n 's/.*"queue_id": "\([^"]*\)".*/\1/p' | while read -r id; do
		postcat -qe "$id" 2>/dev/null
	done | grep -c '^content_filter: barefrom:')
	[ "$waiting" = 0 ] || stop "$waiting messages in the queue still need the filter: wait for them"
fi
for one in ${listener:-main.cf $filtered}; do
	list=$(main smtpd_milters)
	[ "$one" = main.cf ] || [ -z "$(own "$one" smtpd_milters)" ] || list=$(own_value "$one" smtpd_milters)
	with_us "$list" "$place" last >/dev/null || stop "$one has no milter called ${place#before }"
done

postconf -e "barefrom_milter = $milter"

# Postfix reuses short queue ids, but the audit is queried by queue id.
set_main enable_long_queue_ids yes

# For SMTP it comes last: milters that verify signatures must see the mail as it came. A signer may come
# before it if it only signs mail of users who have logged in, which barefrom leaves as it is: so
# OpenDKIM and rspamd, which verify and sign, come before. A signer of other mail must come after it: use
# --before ENTRY, where ENTRY is its address in the list, or a part of it.
others=$(without_us "$(main smtpd_milters)")
[ -n "$listener" ] || set_main smtpd_milters "$(with_us "$(main smtpd_milters)" "$place" last)"
for one in $listener $filtered; do
	if [ -n "$(own "$one" smtpd_milters)" ]; then
		set_own "$one" smtpd_milters "$(tight "$(with_us "$(own_value "$one" smtpd_milters)" "$place" last)")"
	elif ! has_us "$(main smtpd_milters)"; then
		set_own "$one" smtpd_milters "$(tight "$(with_us "$others" "$place" last)")"
	fi
done

if [ -n "$filtered" ]; then
	# The milter is on, so the filter may go now: the same reload does both. Without the filter, the
	# listener must map addresses again.
	for one in $filtered; do
		[ "$(own_value "$one" content_filter)" != barefrom:authenticated ] ||
			note "$one: logins by certificate need submission-daemons; see README.md"
		if [ -n "$content_filter" ]; then
			postconf -Pe "$one/content_filter = $content_filter"
			continue
		fi
		options=$(entries "$(own_value "$one" receive_override_options)" |
			grep -vxF no_address_mappings | paste -sd , -)
		[ -z "$options" ] || postconf -Pe "$one/receive_override_options = $options"
		[ -n "$options" ] || postconf -PX "$one/receive_override_options"
		postconf -PX "$one/content_filter"
	done
	case $barefrom in
	*' --dry-run '*) note 'the filter was in a dry run; the milter is in one only if barefrom.conf has dry-run=true' ;;
	esac
	note 'the service barefrom stays for mail in the queue, and mail from sendmail(1) does not pass the milter yet'
	note 'so reload, and run milter.sh --from-filter again once sessions from before the reload have ended'
	exit
fi
if [ -n "$barefrom" ]; then
	# In this order: without the service, postconf warns of its setting.
	postconf -X barefrom_time_limit
	postconf -MX barefrom/unix
	# port-25.sh has set it for mail that comes back through sendmail(1).
	[ "$(main smtputf8_autodetect_classes)" != verify ] || postconf -X smtputf8_autodetect_classes
fi

# For mail from sendmail(1) it comes first, since there is nothing to verify, and a signer signs all of
# it. This mail has a list of its own, not smtpd_milters.
if [ -z "$listener" ] && [ "$local" != no ]; then
	list=$(entries "$(main non_smtpd_milters)" | while read -r one; do
		case $one in
		'$smtpd_milters' | '${smtpd_milters}' | '$(smtpd_milters)') printf '%s, ' "$others" ;;
		*) printf '%s, ' "$one" ;;
		esac
	done)
	set_main non_smtpd_milters "$(with_us "$list" '' first)"
elif [ -z "$listener" ]; then
	clear_main non_smtpd_milters
fi

# Mail that does not pass, or passes twice.
for one in $(listeners); do
	list=$(main smtpd_milters)
	[ -z "$(own "$one" smtpd_milters)" ] || list=$(own_value "$one" smtpd_milters)
	if has_no_milters "$one" || ! has_us "$list"; then
		[ -n "$listener" ] ||
			note "$one has milters of its own, or none; if its mail is to pass this one, run listener=$one sh milter.sh"
		continue
	fi
	! is_local "$one" ||
		note "$one: if a content filter hands mail back there, run postconf -Pe '$one/smtpd_milters='"
done
[ -z "$(main smtpd_milter_maps)" ] || note 'mail from clients in smtpd_milter_maps does not pass the milter'
