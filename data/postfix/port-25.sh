# SPDX-License-Identifier: GPL-3.0-or-later
# Sends mail that comes in on port 25 through barefrom. Run this as root; running it twice does no harm:
#   sh port-25.sh && postfix check && postfix reload
# The environment overrides the three lines below, for example
#   dry_run=--dry-run program=/usr/local/bin/barefrom sh port-25.sh
#
# First create the user and the audit directory, and edit /etc/barefrom.conf:
#   adduser --system --group --no-create-home --home /var/lib/barefrom barefrom
#   install -d -o barefrom -g barefrom -m 2750 /var/lib/barefrom
# To undo this, see "Back" in README.md.

# The listener, as "postconf -M" names it; behind postscreen it is smtpd/pass.
listener=${listener:-smtp/inet}

# A plain "meson install" installs it in /usr/local/bin.
program=${program:-/usr/bin/barefrom}

# --dry-run: to try it first. Empty: mail is changed.
dry_run=${dry_run-}

stop() {
	echo "port-25.sh: $1; nothing was changed" >&2
	exit 1
}
command=$(postconf -M "$listener" | awk '{ print $8 }')
[ -n "$command" ] || stop "master.cf has no listener $listener"
[ "$command" = smtpd ] || stop "$listener is $command, not smtpd; behind postscreen it is smtpd/pass"
# The milter would take what the filter hands back for local mail, and your users would lose their names.
milter=$({ postconf smtpd_milters non_smtpd_milters && postconf -P; } |
	grep '_milters = .*barefrom[_/]milter' | head -n 1)
[ -z "$milter" ] || stop "the milter is here ($milter): first sh milter.sh --undo"
# An existing filter has a purpose, and must not be replaced.
filter=$(postconf -Ph "$listener/content_filter" 2>/dev/null)
case $filter in
'' | barefrom:*) ;;
*) stop "$listener has the content_filter $filter: README.md says how to combine two" ;;
esac

# The service. flags=R passes the envelope sender to the filter; q quotes odd addresses.
# user: an account that does nothing else. Put the number that "id -u barefrom" prints into
# /etc/barefrom.conf as filter-uids=..., so that barefrom understands a message that passes it twice.
# null_sender= is needed: without it, a bounce would be sent on with the sender MAILER-DAEMON.
# maxproc 10: at most 10 filters run at once.
postconf -Me "barefrom/unix = barefrom unix - n n - 10 pipe \
  flags=Rq user=barefrom null_sender= argv=$program filter $dry_run \
  --queue-id=\${queue_id} --client-address=\${client_address} --size=\${size} \
  --sasl-username=\${sasl_username} --sasl-method=\${sasl_method} --submission=\${nexthop} \
  -f \${sender} -- \${recipient}"

# At least 4 times the deadline of barefrom.conf (25 s): past this limit Postfix bounces.
postconf -e 'barefrom_time_limit = 120s'

# Postfix reuses short queue ids, but the audit is queried by queue id.
postconf -e 'enable_long_queue_ids = yes'

# Without this, mail with raw UTF-8 in its Subject bounces if the next hop (Dovecot's LMTP, say)
# does not offer SMTPUTF8. The price: mail with UTF-8 addresses leaves without the SMTPUTF8 parameter, and
# a strict next hop refuses it, so the sender gets a bounce; delivery on this host is not affected. If all
# your next hops offer SMTPUTF8, leave this line out: then all of it leaves as it came.
postconf -e 'smtputf8_autodetect_classes = verify'

# DKIM: verify before the filter (smtpd_milters), sign after it: a changed From breaks a signature.
# But a signer here takes all mail that comes back as local, even with a forged From of yours. It is
# better to sign on the submission listener (its smtpd_milters), where barefrom changes nothing.
#postconf -e 'non_smtpd_milters = inet:127.0.0.1:8891'

# Apply aliases, canonical maps and always_bcc only once: after the filter. Other options stay.
options=$(postconf -Ph "$listener/receive_override_options" 2>/dev/null | tr -s ", " ",,")
case $options in
*no_address_mappings*) ;;
*) postconf -Pe "$listener/receive_override_options = ${options:+$options,}no_address_mappings" ;;
esac

# Only on listeners, never in main.cf: mail that the filter hands back would pass it again, forever.
# "anonymous" tells barefrom that the listener itself proves nothing. A login still counts.
postconf -Pe "$listener/content_filter = barefrom:anonymous"
