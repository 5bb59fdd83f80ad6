/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The protocol between an MTA and a milter, version 6 (libmilter's mfdef.h and mfapi.h, Sendmail
 * 8.14 and later, Postfix 2.6 and later). A packet is its length in four octets, the most
 * significant first, then the octet of its command, then data; the length counts both. */
#define WIRE_VERSION ((guint32)6)

/* The greatest length of a packet. MTAs send at most 64 KiB, Sendmail with Milter.maxdatasize just
 * this. */
#define WIRE_PACKET_MAX ((size_t)1024 * 1024)

/* Octets of a packet, without a NUL behind them; they live as long as it does. */
typedef struct {
	const char *data;
	size_t length;
} WireBytes;

/* What an MTA sends (SMFIC_...). */
typedef enum {
	WIRE_ABORT = 'A',
	WIRE_BODY = 'B',
	WIRE_CONNECT = 'C',
	WIRE_MACROS = 'D',
	WIRE_END_OF_MESSAGE = 'E', /* its data, if any, is the last of the body */
	WIRE_HELO = 'H',
	WIRE_QUIT_NEW_CONNECTION = 'K', /* the next SMTP session follows on this connection */
	WIRE_HEADER = 'L',
	WIRE_MAIL = 'M',
	WIRE_END_OF_HEADERS = 'N',
	WIRE_NEGOTIATE = 'O',
	WIRE_QUIT = 'Q',
	WIRE_RCPT = 'R',
	WIRE_DATA = 'T',
	WIRE_UNKNOWN = 'U',
} WireCommand;

/* Changes that a milter may make (SMFIF_...): the MTA offers some, the milter asks for fewer. */
enum {
	WIRE_CHANGE_HEADERS = 0x10,
	WIRE_LIST_MACROS = 0x100, /* name the macros that it wants */
};

/* What an MTA can leave out or do (SMFIP_...): it offers some, the milter asks for fewer. NO: it
 * doesn't send this command. NR: it waits for no reply to it. */
enum {
	WIRE_NO_BODY = 0x10,
	WIRE_NR_HEADER = 0x80,
	WIRE_NO_UNKNOWN = 0x100,
	WIRE_NO_DATA = 0x200,
	WIRE_NR_CONNECT = 0x1000,
	WIRE_NR_HELO = 0x2000,
	WIRE_NR_MAIL = 0x4000,
	WIRE_NR_RCPT = 0x8000,
	WIRE_NR_DATA = 0x10000,
	WIRE_NR_UNKNOWN = 0x20000,
	WIRE_NR_END_OF_HEADERS = 0x40000,
	WIRE_NR_BODY = 0x80000,
	WIRE_LEADING_SPACE = 0x100000, /* values are as they stand behind the colon, both ways */
};

/* The stages at which an MTA sends macros (SMFIM_...). */
typedef enum {
	WIRE_AT_CONNECT,
	WIRE_AT_HELO,
	WIRE_AT_MAIL,
	WIRE_AT_RCPT,
	WIRE_AT_DATA,
	WIRE_AT_END_OF_MESSAGE,
	WIRE_AT_END_OF_HEADERS,
} WireStage;

typedef struct {
	char command; /* any octet: what is no WireCommand is the caller's to refuse */
	WireBytes data;
	size_t size; /* of all of it, with the octets of the length */
} WirePacket;

typedef enum {
	WIRE_MORE, /* ret->size is the size of the whole packet, 0 while it is not known */
	WIRE_PACKET,
	WIRE_BAD, /* no packet is so long, or is empty: the stream can't be read on */
} WireRead;

/* The packet at the start of @bytes, of which there are @length. */
WireRead wire_read(const char *bytes, size_t length, WirePacket *ret);

/* The decoders take the data of one packet; false: it is malformed, and nothing is returned. A NUL
 * inside a string is malformed. No MTA sends one, since they keep C strings: Postfix cuts a line of
 * a message at a NUL, Sendmail leaves the NUL out, and what is delivered shows the same. */

typedef struct {
	guint32 version, actions, protocol;
} WireNegotiation;

/* WIRE_NEGOTIATE. What a later version may add behind is passed over. */
bool wire_negotiation(WireBytes data, WireNegotiation *ret);

typedef struct {
	WireBytes host;    /* a name, or an address in brackets */
	char family;       /* '4', '6', 'L' (local) or 'U' (unknown: no port, no address) */
	guint16 port;      /* 0: not known, or no SMTP client */
	WireBytes address; /* as the MTA writes it: Sendmail puts "IPv6:" before one of '6' */
} WireConnection;

/* WIRE_CONNECT */
bool wire_connection(WireBytes data, WireConnection *ret);

/* WIRE_HELO, WIRE_UNKNOWN: the string. */
bool wire_string(WireBytes data, WireBytes *ret);

/* WIRE_HEADER. Continuation lines are in the value as LF and white space. */
bool wire_header(WireBytes data, WireBytes *ret_name, WireBytes *ret_value);

/* WIRE_MAIL, WIRE_RCPT: takes the next string from @rest, the data at first. The first one is the
 * address, in angle brackets or (Postfix, local mail) bare, the others are ESMTP parameters. False:
 * there is none; @rest is then empty, or holds what no NUL ends, which is malformed. */
bool wire_next_string(WireBytes *rest, WireBytes *ret);

/* WIRE_MACROS: the command that they belong to, which follows, and what wire_next_macro() takes
 * them from. These are all that hold for this command; none may be left of those sent for it
 * before. Postfix sends the macros for the end of the headers before each header too, as of that
 * one. */
bool wire_macros(WireBytes data, char *ret_command, WireBytes *ret_rest);

/* Takes the next macro; its name comes without the braces that one of several letters has. False:
 * as with wire_next_string(). */
bool wire_next_macro(WireBytes *rest, WireBytes *ret_name, WireBytes *ret_value);

/* The others append one packet to @out. */

/* The macros wanted at one stage, in place of those that the administrator set for it; with an
 * empty list Postfix sends the latter all the same. */
typedef struct {
	WireStage stage;
	const char *names; /* separated by blanks, longer ones in braces: "i {auth_authen}" */
} WireMacroList;

/* The answer to WIRE_NEGOTIATE, with @n lists, 0 where the MTA doesn't offer WIRE_LIST_MACROS. */
void wire_put_negotiation(GByteArray *out, WireNegotiation wanted, const WireMacroList *lists,
                          size_t n);

/* Replies that are one octet (SMFIR_...). */
typedef enum {
	WIRE_ACCEPT = 'a',   /* no more of this message, at connect or HELO of this session */
	WIRE_CONTINUE = 'c', /* go on; at the end of the message: deliver it */
	WIRE_PROGRESS = 'p', /* at the end of the message: still at work, wait on */
	WIRE_TEMPFAIL = 't',
} WireReply;

void wire_put(GByteArray *out, WireReply reply);

/* Refuses with @text, one line such as "451 4.3.0 barefrom: no memory": a code of 4xx or 5xx, a
 * blank, and an enhanced status code that begins with the same digit (RFC 5321, RFC 3463), or
 * Postfix takes it for an error. A percent sign goes out twice, since Sendmail formats with the
 * text and Postfix undoes it; what is not printable ASCII becomes a question mark. */
void wire_put_refusal(GByteArray *out, const char *text);

/* Before the reply to WIRE_END_OF_MESSAGE: gives the @nth header of this name, from 1, a new name
 * (in its spelling) and value. With WIRE_LEADING_SPACE the value brings the blank behind the
 * colon. An empty value deletes the header, and an MTA appends one where there is no @nth. False:
 * no packet can say it (@nth is 0, the name is empty, a NUL in either, longer than
 * WIRE_PACKET_MAX), and nothing is appended. */
bool wire_put_change(GByteArray *out, guint32 nth, WireBytes name,
                     WireBytes value) G_GNUC_WARN_UNUSED_RESULT;
