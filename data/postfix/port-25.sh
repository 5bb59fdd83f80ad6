# SPDX-License-Identifier: GPL-3.0-or-later
# Mail that comes in on port 25 passes barefrom. Run this as root (sh port-25.sh) or paste it line
# by line; twice does no harm. Then: postfix check && postfix reload
#
# First make the user and the folder of the audit, and edit /etc/barefrom.conf:
#   adduser --system --group --no-create-home --home /var/lib/barefrom barefrom
#   install -d -o barefrom -g barefrom -m 2750 /var/lib/barefrom
# Back: postconf -PX "$listener/content_filter" "$listener/receive_override_options"

# The listener, as "postconf -M" names it; with postscreen it is smtpd/pass.
listener=smtp/inet

# The service. flags=R tells the envelope sender to the filter; q quotes odd addresses.
# user: an account that does nothing else. Put the number that "id -u barefrom" prints into
# /etc/barefrom.conf as filter-uids=..., so that a message that comes twice is still understood.
# null_sender= is needed: without it a bounce would be sent on as from MAILER-DAEMON.
# maxproc 10: so many filters at once. To try it out first, write "filter --dry-run".
postconf -Me "barefrom/unix = barefrom unix - n n - 10 pipe \
  flags=Rq user=barefrom null_sender= argv=/usr/bin/barefrom filter \
  --queue-id=\${queue_id} --client-address=\${client_address} --size=\${size} \
  --sasl-username=\${sasl_username} --sasl-method=\${sasl_method} --submission=\${nexthop} \
  -f \${sender} -- \${recipient}"

# At least 4 times the deadline of barefrom.conf (25 s): past this limit Postfix bounces.
postconf -e 'barefrom_time_limit = 120s'

# Short queue ids are used again and again; the audit is asked by queue id.
postconf -e 'enable_long_queue_ids = yes'

# Without this, raw UTF-8 in a Subject bounces at next hops that don't offer SMTPUTF8.
postconf -e 'smtputf8_autodetect_classes = verify'

# Aliases, canonical maps and always_bcc only once: behind the filter.
postconf -Pe "$listener/receive_override_options = no_address_mappings"

# Only on listeners, never in main.cf: what the filter hands back would pass it again, for ever.
# "anonymous" is what barefrom gets to know of the listener: it proves nothing. A login still counts.
postconf -Pe "$listener/content_filter = barefrom:anonymous"
