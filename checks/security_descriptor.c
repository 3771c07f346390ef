#include "checks/security_descriptor.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Of the header, the entries and their masks: facts on-premises.md 3.2. */
#define HEADER_SIZE 20
#define LIST_HEADER_SIZE 8
#define ENTRY_HEADER_SIZE 8	/* type, flags, size, mask */
#define GUID_SIZE 16
#define SID_PARTS_MAX 15

#define CONTROL_HAS_LIST 0x0004u
#define CONTROL_PROTECTED 0x1000u

#define ENTRY_ALLOW 0
#define ENTRY_DENY 1
#define ENTRY_ALLOW_OBJECT 5
#define ENTRY_DENY_OBJECT 6

#define FLAG_CONTAINER_INHERIT 0x02u
#define FLAG_NO_PROPAGATE 0x04u
#define FLAG_INHERIT_ONLY 0x08u
#define FLAG_INHERITED 0x10u

#define HAS_OBJECT_TYPE 1u
#define HAS_INHERITED_TYPE 2u

#define MASK_WRITE_PROPERTY 0x20u
#define MASK_CONTROL_ACCESS 0x100u
#define MASK_GENERIC_ALL 0x10000000u
#define MASK_GENERIC_WRITE 0x40000000u
#define MASK_ALL_OF_DIRECTORY 0xF01FFu
#define MASK_WRITE_OF_DIRECTORY 0x20028u

/* GUIDs stand as they lie in memory: the first three fields little-endian. */
static const uint8_t class_user[GUID_SIZE] = {	/* bf967aba-0de6-11d0-a285-00aa003049e2 */
	0xba, 0x7a, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11,
	0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2,
};

static const struct {
	const char *name, *dsacls;
	uint32_t mask;
	uint8_t object[GUID_SIZE];
	bool has_set;
	uint8_t set[GUID_SIZE];	/* the property set it belongs to */
} rights[WRITEBACK_RIGHTS] = {
	[WRITEBACK_RESET] = {	/* 00299570-246d-11d0-a768-00aa006e0529 */
		.name = "Reset password", .dsacls = "CA;Reset Password;user",
		.mask = MASK_CONTROL_ACCESS,
		.object = { 0x70, 0x95, 0x29, 0x00, 0x6d, 0x24, 0xd0, 0x11,
			    0xa7, 0x68, 0x00, 0xaa, 0x00, 0x6e, 0x05, 0x29 },
	},
	[WRITEBACK_CHANGE] = {	/* ab721a53-1e2f-11d0-9819-00aa0040529b */
		.name = "Change password", .dsacls = "CA;Change Password;user",
		.mask = MASK_CONTROL_ACCESS,
		.object = { 0x53, 0x1a, 0x72, 0xab, 0x2f, 0x1e, 0xd0, 0x11,
			    0x98, 0x19, 0x00, 0xaa, 0x00, 0x40, 0x52, 0x9b },
	},
	[WRITEBACK_LOCKOUT] = {	/* 28630ebf-41d5-11d1-a9c1-0000f80367c1 */
		.name = "Write lockoutTime", .dsacls = "WP;lockoutTime;user",
		.mask = MASK_WRITE_PROPERTY,
		.object = { 0xbf, 0x0e, 0x63, 0x28, 0xd5, 0x41, 0xd1, 0x11,
			    0xa9, 0xc1, 0x00, 0x00, 0xf8, 0x03, 0x67, 0xc1 },
	},
	[WRITEBACK_PWD_LAST_SET] = {	/* bf967a0a-0de6-11d0-a285-00aa003049e2, and
					   User-Account-Restrictions,
					   4c164200-20c0-11d0-a768-00aa006e0529 */
		.name = "Write pwdLastSet", .dsacls = "WP;pwdLastSet;user",
		.mask = MASK_WRITE_PROPERTY,
		.object = { 0x0a, 0x7a, 0x96, 0xbf, 0xe6, 0x0d, 0xd0, 0x11,
			    0xa2, 0x85, 0x00, 0xaa, 0x00, 0x30, 0x49, 0xe2 },
		.has_set = true,
		.set = { 0x00, 0x42, 0x16, 0x4c, 0xc0, 0x20, 0xd0, 0x11,
			 0xa7, 0x68, 0x00, 0xaa, 0x00, 0x6e, 0x05, 0x29 },
	},
	[WRITEBACK_UNEXPIRE] = {	/* ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501 */
		.name = "Unexpire password", .dsacls = "CA;Unexpire Password",
		.mask = MASK_CONTROL_ACCESS,
		.object = { 0x7d, 0xdc, 0xc2, 0xcc, 0xad, 0xa6, 0x7a, 0x4a,
			    0x88, 0x46, 0xc0, 0x4e, 0x3c, 0xc5, 0x35, 0x01 },
	},
};

/* One entry of the list, pointing into the bytes. */
struct entry_view {
	bool deny;
	unsigned flags;
	uint32_t mask;
	const uint8_t *object, *inherited;	/* GUIDs, or NULL */
	char sid[SID_TEXT];
};

const char *writeback_right_name(enum writeback_right r)
{
	return rights[r].name;
}

const char *writeback_right_dsacls(enum writeback_right r)
{
	return rights[r].dsacls;
}

static unsigned get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static int format_sid(const uint8_t *p, size_t n, char out[SID_TEXT])
{
	uint64_t authority = 0;
	int at;

	if (n < 8 || p[1] > SID_PARTS_MAX || n < 8 + (size_t)p[1] * 4)
		return -1;
	for (int i = 2; i < 8; i++)
		authority = authority << 8 | p[i];
	at = snprintf(out, SID_TEXT, "S-%u-%" PRIu64, p[0], authority);
	for (unsigned i = 0; i < p[1]; i++)
		at += snprintf(out + at, SID_TEXT - (size_t)at, "-%" PRIu32, get32(p + 8 + i * 4));
	return 0;
}

static int take_guid(const uint8_t **at, const uint8_t *end, const uint8_t **ret)
{
	if (end - *at < GUID_SIZE)
		return -1;
	*ret = *at;
	*at += GUID_SIZE;
	return 0;
}

/* Reads an entry of n bytes. 1 when it speaks of rights, 0 when it is of
 * another kind (audit, conditions), -1 when it does not read. */
static int read_entry(const uint8_t *p, size_t n, struct entry_view *ret)
{
	const uint8_t *end = p + n, *at = p + ENTRY_HEADER_SIZE;
	unsigned type = p[0], present;

	*ret = (struct entry_view){ .deny = type == ENTRY_DENY || type == ENTRY_DENY_OBJECT,
				    .flags = p[1], .mask = get32(p + 4) };
	if (type == ENTRY_ALLOW_OBJECT || type == ENTRY_DENY_OBJECT) {
		if (end - at < 4)
			return -1;
		present = get32(at);
		at += 4;
		if ((present & HAS_OBJECT_TYPE && take_guid(&at, end, &ret->object) < 0) ||
		    (present & HAS_INHERITED_TYPE && take_guid(&at, end, &ret->inherited) < 0))
			return -1;
	} else if (type != ENTRY_ALLOW && type != ENTRY_DENY) {
		return 0;
	}
	return format_sid(at, (size_t)(end - at), ret->sid) < 0 ? -1 : 1;
}

static bool is_one_of(const char *sid, const char *const *sids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_same_nocase(sid, sids[i]))
			return true;
	return false;
}

static bool covers(const struct entry_view *e, enum writeback_right r)
{
	uint32_t mask = e->mask;

	if (mask & MASK_GENERIC_ALL)
		mask |= MASK_ALL_OF_DIRECTORY;
	if (mask & MASK_GENERIC_WRITE)
		mask |= MASK_WRITE_OF_DIRECTORY;
	if (!(mask & rights[r].mask))
		return false;
	/* Without an object type an entry covers every right of its kind. */
	return !e->object || !memcmp(e->object, rights[r].object, GUID_SIZE) ||
	       (rights[r].has_set && !memcmp(e->object, rights[r].set, GUID_SIZE));
}

static bool reaches(const struct entry_view *e, enum writeback_right r,
		    enum descriptor_view view)
{
	if (view == DESCRIPTOR_OF_OBJECT || r == WRITEBACK_UNEXPIRE)
		return !(e->flags & FLAG_INHERIT_ONLY);
	/* NO_PROPAGATE stops after one level; people rarely lie that high. */
	return e->flags & FLAG_CONTAINER_INHERIT && !(e->flags & FLAG_NO_PROPAGATE) &&
	       (!e->inherited || !memcmp(e->inherited, class_user, GUID_SIZE));
}

static void weigh(const struct entry_view *e, enum descriptor_view view, unsigned *decided,
		  struct descriptor_answer *ret)
{
	for (enum writeback_right r = 0; r < WRITEBACK_RIGHTS; r++) {
		if (*decided & 1u << r || !covers(e, r) || !reaches(e, r, view))
			continue;
		*decided |= 1u << r;
		ret->right[r] = (struct right_answer){
			.held = !e->deny, .denied = e->deny,
			.by_default = !e->deny && (str_same(e->sid, SID_EVERYONE) ||
						   str_same(e->sid, SID_AUTHENTICATED_USERS)),
			.inherited = e->flags & FLAG_INHERITED,
		};
	}
}

static int walk(const uint8_t *list, size_t n, const char *const *sids, size_t nsids,
		enum descriptor_view view, struct descriptor_answer *ret)
{
	bool allowed[2] = { false, false };	/* an allowing one was seen: own, inherited */
	size_t at = LIST_HEADER_SIZE, size;
	unsigned decided = 0;
	struct entry_view e;

	if (n < LIST_HEADER_SIZE || get16(list + 2) > n)
		return -1;
	n = get16(list + 2);
	for (unsigned left = get16(list + 4); left; left--, at += size) {
		int kind;

		if (at + ENTRY_HEADER_SIZE > n)
			return -1;
		size = get16(list + at + 2);
		if (size < ENTRY_HEADER_SIZE || at + size > n)
			return -1;
		kind = read_entry(list + at, size, &e);
		if (kind < 0)
			return -1;
		if (!kind)
			continue;
		if (e.deny)
			ret->out_of_order |= allowed[!!(e.flags & FLAG_INHERITED)];
		else
			allowed[!!(e.flags & FLAG_INHERITED)] = true;
		if (is_one_of(e.sid, sids, nsids))
			weigh(&e, view, &decided, ret);
	}
	return 0;
}

int descriptor_judge(const void *bytes, size_t n, const char *const *sids, size_t nsids,
		     enum descriptor_view view, struct descriptor_answer *ret, struct err *err)
{
	struct descriptor_answer answer = { .blocks_inheritance = false };
	const uint8_t *p = bytes;
	unsigned control;
	uint32_t offset;

	if (n < HEADER_SIZE || p[0] != 1)
		return err_set(err, ERR_PARSE, 0, "%zu bytes are no security descriptor", n);
	control = get16(p + 2);
	offset = get32(p + 16);
	answer.blocks_inheritance = control & CONTROL_PROTECTED;
	if (!(control & CONTROL_HAS_LIST) || !offset) {
		answer.no_list = true;
		for (enum writeback_right r = 0; r < WRITEBACK_RIGHTS; r++)
			answer.right[r].held = true;
	} else if (offset > n || walk(p + offset, n - offset, sids, nsids, view, &answer) < 0) {
		return err_set(err, ERR_PARSE, 0, "the access list of a security descriptor of "
			       "%zu bytes does not read", n);
	}
	*ret = answer;
	return 0;
}
