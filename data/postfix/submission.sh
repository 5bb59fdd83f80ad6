# SPDX-License-Identifier: GPL-3.0-or-later
# After port-25.sh: what logged-in users submit passes barefrom too. It stays as it is, byte for
# byte, and is in the audit. Once for each listener (submission, submissions).
# Then: postfix check && postfix reload
#
# Back: postconf -PX "$listener/content_filter" "$listener/receive_override_options"

listener=submission/inet

# barefrom believes this listener's word, so nobody may get in without a login (or, where you list
# permit_tls_clientcerts too, without a certificate of yours). Never permit_mynetworks.
postconf -Pe "$listener/smtpd_relay_restrictions = permit_sasl_authenticated,reject"

# As in port-25.sh.
postconf -Pe "$listener/receive_override_options = no_address_mappings"

# The listener's word: whoever submits here has logged in.
postconf -Pe "$listener/content_filter = barefrom:authenticated"
