# SPDX-License-Identifier: GPL-3.0-or-later
# Sends mail that logged-in users submit through barefrom too; run port-25.sh first. Their mail stays as
# it is, byte for byte, and is in the audit. Run this as root, once for each listener that you have:
#   sh submission.sh && listener=submissions/inet sh submission.sh && postfix check && postfix reload
# To undo this, see "Back" in README.md.

# The listener, as "postconf -M" names it. Debian's master.cf has it commented out at first.
listener=${listener:-submission/inet}

stop() {
	echo "submission.sh: $1; nothing was changed" >&2
	exit 1
}
command=$(postconf -M "$listener" | awk '{ print $8 }')
[ -n "$command" ] || stop "master.cf has no listener $listener"
[ "$command" = smtpd ] || stop "$listener is $command, not smtpd; behind postscreen it is smtpd/pass"
# As in port-25.sh.
milter=$({ postconf smtpd_milters non_smtpd_milters && postconf -P; } |
	grep '_milters = .*barefrom[_/]milter' | head -n 1)
[ -z "$milter" ] || stop "the milter is here ($milter): first sh milter.sh --undo"
[ -n "$(postconf -M barefrom/unix)" ] ||
	stop 'master.cf has no service barefrom: run port-25.sh first'
filter=$(postconf -Ph "$listener/content_filter" 2>/dev/null)
case $filter in
'' | barefrom:*) ;;
*) stop "$listener has the content_filter $filter: README.md says how to combine two" ;;
esac

# barefrom believes this listener, so nobody may get in without a login (or, if you list
# permit_tls_clientcerts too, without a certificate of yours). Never use permit_mynetworks.
postconf -Pe "$listener/smtpd_relay_restrictions = permit_sasl_authenticated,reject"

# As in port-25.sh.
options=$(postconf -Ph "$listener/receive_override_options" 2>/dev/null | tr -s ", " ",,")
case $options in
*no_address_mappings*) ;;
*) postconf -Pe "$listener/receive_override_options = ${options:+$options,}no_address_mappings" ;;
esac

# This tells barefrom that whoever submits here has logged in.
postconf -Pe "$listener/content_filter = barefrom:authenticated"
