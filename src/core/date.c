/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * date: the date of a trace field -> seconds since 1970.
 * May know: RFC 5322, 3.3 and 4.3. Must not know: the clock, what a date is used for.
 * Fails: never; a date that cannot be read is none. Ignores the name of the day, and accepts a zone
 * only if the RFC gives its offset.
 */
#include "date.h"

#include <string.h>

#include "lexer.h"

#define DAY_OF_1970 719163 /* as GDate counts days */

static bool
take(Lexer *l, char wanted)
{
	if (!lexer_skip_cfws(l) || l->at == l->end || *l->at != wanted)
		return false;
	l->at++;
	return true;
}

/* Takes a run of @least to @most digits; -1: there is none, or it has another length. */
static int
take_number(Lexer *l, int least, int most)
{
	int number = 0, digits = 0;

	if (!lexer_skip_cfws(l))
		return -1;
	for (; l->at < l->end && g_ascii_isdigit(*l->at); l->at++) {
		if (++digits > most)
			return -1;
		number = number * 10 + (*l->at - '0');
	}
	return digits < least ? -1 : number;
}

/* Takes a run of letters, which may be empty. */
static Span
take_word(Lexer *l)
{
	Span word = { l->at, 0 };

	if (!lexer_skip_cfws(l))
		return word;
	word.data = l->at;
	while (l->at < l->end && g_ascii_isalpha(*l->at))
		l->at++;
	word.length = (size_t)(l->at - word.data);
	return word;
}

static bool
is_word(Span word, const char *text)
{
	return word.length == strlen(text) &&
	       g_ascii_strncasecmp(word.data, text, word.length) == 0;
}

static bool
take_day(Lexer *l, GDate *ret_day)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	if (take_word(l).length && !take(l, ','))
		return false;
	int day = take_number(l, 1, 2);
	Span name = take_word(l);
	guint month = 0;
	while (month < G_N_ELEMENTS(months) && !is_word(name, months[month]))
		month++;
	const char *start = l->at;
	int year = take_number(l, 2, 4);
	if (day < 0 || year < 0 || l->at == start)
		return false;
	if (year < 50)
		year += 2000;
	else if (year < 1000)
		year += 1900;
	/* Converted to UTC, the year must still have four digits. */
	if (year == 9999 ||
	    !g_date_valid_dmy((GDateDay)day, (GDateMonth)(month + 1), (GDateYear)year))
		return false;
	g_date_set_dmy(ret_day, (GDateDay)day, (GDateMonth)(month + 1), (GDateYear)year);
	return true;
}

static bool
take_time(Lexer *l, int *ret_seconds)
{
	int hour = take_number(l, 1, 2);
	int minute = take(l, ':') ? take_number(l, 2, 2) : -1;
	int second = 0;

	if (take(l, ':'))
		second = take_number(l, 2, 2);
	*ret_seconds = (hour * 60 + minute) * 60 + second;
	return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
}

static bool
take_zone(Lexer *l, int *ret_seconds)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "UT", 0 },   { "GMT", 0 },  { "UTC", 0 },  { "Z", 0 },
		      { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		      { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };
	bool minus = take(l, '-');

	if (minus || take(l, '+')) {
		int number = take_number(l, 4, 4);
		*ret_seconds = (number / 100 * 60 + number % 100) * 60 * (minus ? -1 : 1);
		return number >= 0 && number % 100 < 60;
	}
	Span name = take_word(l);
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (is_word(name, zones[i].name)) {
			*ret_seconds = zones[i].hours * 3600;
			return true;
		}
	}
	return false;
}

gint64
date_read(Span text)
{
	if (text.length == 0)
		return DATE_NONE;
	Lexer lexer = { .at = text.data, .end = text.data + text.length };
	GDate day;
	int seconds, offset;

	g_date_clear(&day, 1);
	if (!take_day(&lexer, &day) || !take_time(&lexer, &seconds) || !take_zone(&lexer, &offset))
		return DATE_NONE;
	return ((gint64)g_date_get_julian(&day) - DAY_OF_1970) * 86400 + seconds - offset;
}
