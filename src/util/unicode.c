/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unicode: properties of a character that GLib does not have.
 * May know: Unicode. Must not know: where the character stands.
 * Fails: never.
 * Follows Unicode, DerivedCoreProperties.txt: Default_Ignorable_Code_Point.
 */
#include "unicode.h"

bool
unicode_is_ignorable(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
		return c != '\t' && c != '\n' && c != '\r';
	case G_UNICODE_FORMAT:
		return true;
	default:
		break;
	}
	return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 ||
	       (c >= 0x180b && c <= 0x180f) || c == 0x2065 || c == 0x3164 ||
	       (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfff8) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}
