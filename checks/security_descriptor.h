#ifndef CHECKS_SECURITY_DESCRIPTOR_H
#define CHECKS_SECURITY_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/base/err.h"

/*
 * The rights that the connector account of Entra Connect needs to write a
 * password back (facts on-premises.md 3.1), judged from a self-relative
 * security descriptor as Active Directory stores it (3.2). Pure: bytes in,
 * answers out; hostile bytes give an error, never more than they hold is read.
 */
enum writeback_right {
	WRITEBACK_RESET,	/* Reset Password */
	WRITEBACK_CHANGE,	/* Change Password; Everyone has it by default */
	WRITEBACK_LOCKOUT,	/* write lockoutTime */
	WRITEBACK_PWD_LAST_SET,	/* write pwdLastSet, or its property set */
	WRITEBACK_UNEXPIRE,	/* Unexpire Password, on a domain's root only;
				   Authenticated Users have it by default */
	WRITEBACK_RIGHTS,
};
const char *writeback_right_name(enum writeback_right r);	/* "Reset password" */
/* How dsacls calls the right: "CA;Reset Password;user". */
const char *writeback_right_dsacls(enum writeback_right r);

enum descriptor_view {
	DESCRIPTOR_OF_OBJECT,		/* what holds on the object itself */
	DESCRIPTOR_FOR_USERS_BELOW,	/* what a user below it would inherit */
};

struct right_answer {
	bool held;
	bool denied;		/* an entry denies it: more than a missing grant */
	bool by_default;	/* held through Everyone or Authenticated Users */
	bool inherited;		/* the entry that decided came from above */
};

struct descriptor_answer {
	/* Unexpire is always judged on the object itself. */
	struct right_answer right[WRITEBACK_RIGHTS];
	bool blocks_inheritance;	/* the list is protected: what is granted
					   above does not arrive here */
	bool no_list;			/* no list at all: everybody may do all */
	bool out_of_order;		/* an allowing entry stands before a denying
					   one of its kind; judged as it stands */
};

/*
 * Judges for the holder of these SIDs ("S-1-5-21-..."): the account and its
 * groups. Everyone and Authenticated Users are taken into account only when
 * they are among the SIDs. The first entry that applies decides, as Windows
 * does; the usual order puts denying entries first. Fails with ERR_PARSE when
 * the bytes are no descriptor; *ret is then not touched.
 */
int descriptor_judge(const void *bytes, size_t n, const char *const *sids, size_t nsids,
		     enum descriptor_view view, struct descriptor_answer *ret, struct err *err);

#define SID_TEXT 192	/* 15 parts of ten digits, and the front */
#define SID_EVERYONE "S-1-1-0"
#define SID_AUTHENTICATED_USERS "S-1-5-11"

#endif
