/*
 * What our judge of security descriptors says of one that a domain controller
 * gave, for the holder of the SIDs that it gave. Reads LDIF as ldapsearch prints
 * it (nTSecurityDescriptor, objectSid and tokenGroups in base64, lines not
 * folded), prints "reset yes", "lockoutTime no" and so on, a line a right.
 * usage: descriptor_says object|below
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/security_descriptor.h"
#include "graph/base/base64.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define SIDS_MAX 200
#define LINE_MAX_BYTES (1 << 18)

static const char *const words[WRITEBACK_RIGHTS] = {
	[WRITEBACK_RESET] = "reset", [WRITEBACK_CHANGE] = "change",
	[WRITEBACK_LOCKOUT] = "lockoutTime", [WRITEBACK_PWD_LAST_SET] = "pwdLastSet",
	[WRITEBACK_UNEXPIRE] = "unexpire",
};

/* S-1-5-21-...: revision, count, authority in 6 bytes, parts in 4, low end first. */
static char *sid_text(const struct str *bytes)
{
	const unsigned char *b = (const unsigned char *)str_text(bytes);
	CLEANUP(str_release) struct str text = { 0 };

	if (bytes->len < 8 || bytes->len != 8 + 4 * (size_t)b[1])
		return NULL;
	str_addf(&text, "S-%u-%u", b[0], b[7]);
	for (size_t i = 8; i < bytes->len; i += 4)
		str_addf(&text, "-%lu", (unsigned long)b[i] | (unsigned long)b[i + 1] << 8 |
			 (unsigned long)b[i + 2] << 16 | (unsigned long)b[i + 3] << 24);
	return xstrdup(str_text(&text));
}

/* The bytes after "NAME:: "; false when the line is of something else. */
static bool value_of(const char *line, const char *name, struct str *out)
{
	size_t n = strlen(name);

	str_clear(out);
	return !strncmp(line, name, n) && !strncmp(line + n, ":: ", 3) &&
	       base64url_decode(out, line + n + 3, strcspn(line + n + 3, "\r\n")) == 0;
}

/* Reads both from standard input: the descriptor, and the account's SIDs, which
 * the caller frees. Returns how many SIDs there are. */
static size_t read_input(struct str *descriptor, char **sids)
{
	static char line[LINE_MAX_BYTES];
	CLEANUP(str_release) struct str bytes = { 0 };
	size_t n = 0;

	while (fgets(line, sizeof(line), stdin)) {
		if (value_of(line, "nTSecurityDescriptor", &bytes)) {
			str_clear(descriptor);
			str_add_bytes(descriptor, bytes.buf, bytes.len);
		} else if ((value_of(line, "objectSid", &bytes) ||
			    value_of(line, "tokenGroups", &bytes)) && n < SIDS_MAX) {
			char *sid = sid_text(&bytes);

			if (sid)
				sids[n++] = sid;
		}
	}
	return n;
}

static int answer(const struct str *descriptor, char *const *sids, size_t n, const char *view)
{
	const char *all[SIDS_MAX + 2];
	struct descriptor_answer answer;
	struct err err = ERR_INIT;

	if (!n || !descriptor->len) {
		fprintf(stderr, "no SID, or no descriptor, in the input\n");
		return 1;
	}
	for (size_t i = 0; i < n; i++)
		all[i] = sids[i];
	all[n++] = SID_EVERYONE;
	all[n++] = SID_AUTHENTICATED_USERS;
	if (descriptor_judge(descriptor->buf, descriptor->len, all, n,
			     !strcmp(view, "below") ? DESCRIPTOR_FOR_USERS_BELOW
			     : DESCRIPTOR_OF_OBJECT, &answer, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	for (int r = 0; r < WRITEBACK_RIGHTS; r++)
		printf("%s %s\n", words[r], answer.right[r].held ? "yes" : "no");
	printf("blocks %s\n", answer.blocks_inheritance ? "yes" : "no");
	return 0;
}

int main(int argc, char **argv)
{
	CLEANUP(str_release) struct str descriptor = { 0 };
	char *sids[SIDS_MAX];
	size_t n;
	int status;

	if (argc != 2)
		return 64;
	n = read_input(&descriptor, sids);
	status = answer(&descriptor, sids, n, argv[1]);
	while (n > 0)
		free(sids[--n]);
	return status;
}
