#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/security_descriptor.h"
#include "checks/server_doctor.h"
#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "graph/base/utf8.h"
#include "graph/retry.h"
#include "graph/sign_in/challenge.h"
#include "graph/transport.h"
#include "graph/url.h"
#include "steps/members_file.h"
#include "steps/server_import.h"

/*
 * libFuzzer over what others hand to the program beside the answers of Graph: a list of
 * people, the document of a server (with a hash that fits, so that its judging is
 * reached), security descriptors, and headers and links of whoever answers. Built by
 * `make fuzz`. The first byte says which.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_MS 1795600800000LL

/* What is kept is clean, and in the order of the lines. */
static void check_members(const char *text, size_t len)
{
	struct member_entries list = { 0 };
	struct err err = ERR_INIT;
	struct arena arena = { 0 };

	if (members_parse(text, len, &arena, &list, &err) == 0) {
		for (size_t i = 0; i < list.n; i++) {
			assert(*list.v[i] && utf8_is_clean(list.v[i], strlen(list.v[i]), 0));
			assert(!i || list.line[i] >= list.line[i - 1]);
		}
	} else {
		assert(*err.msg);
	}
	arena_clear(&arena);
}

/* A document that was taken in can be judged; a refused one leaves nothing. */
static void check_document(const char *text, size_t len)
{
	struct findings out = { .v = NULL };
	struct err err = ERR_INIT;
	struct str whole = { 0 };
	char hash[SHA256_TEXT];
	struct facts f;

	facts_init(&f);
	f.now_ms = NOW_MS;
	f.organization.id = "f64a78f7-c2fe-4f77-8e12-5385f4ac5093";
	server_document_unpack(text, len, &whole, &err);
	str_clear(&whole);
	sha256_hex(text, len, hash);
	str_add_bytes(&whole, text, len);
	str_addf(&whole, ",\"sha256\":\"%s\"}", hash);
	if (server_document_trust(str_text(&whole), whole.len, &f, NOW_MS, &err) == 0)
		judge_server(&f.server, NOW_MS, &out);
	else
		assert(*err.msg);
	findings_clear(&out);
	facts_release(&f);
	str_release(&whole);
}

/* The same bytes have the same answer, whatever was judged between. */
static void check_descriptor(const void *bytes, size_t n)
{
	static const char *const sids[] = { "S-1-5-21-1-2-3-1103", SID_EVERYONE };
	struct descriptor_answer one[2], two;
	struct err err = ERR_INIT;

	memset(one, 0, sizeof(one));
	memset(&two, 0, sizeof(two));
	for (int view = DESCRIPTOR_OF_OBJECT; view <= DESCRIPTOR_FOR_USERS_BELOW; view++)
		if (descriptor_judge(bytes, n, sids, 2, (enum descriptor_view)view, &one[view],
				     &err) < 0)
			return;
	assert(descriptor_judge(bytes, n, sids, 2, DESCRIPTOR_OF_OBJECT, &two, &err) == 0);
	for (int r = 0; r < WRITEBACK_RIGHTS; r++)
		assert(two.right[r].held == one[0].right[r].held &&
		       two.right[r].denied == one[0].right[r].denied);
}

static void check_headers(const char *text)
{
	struct headers h = { 0 };
	char *claims;
	int64_t wait;

	headers_add(&h, "WWW-Authenticate", text);
	claims = challenge_claims(&h);
	assert(!claims || utf8_is_clean(claims, strlen(claims), 0));
	free(claims);
	headers_release(&h);
	wait = retry_after_ms(text, NOW_MS);
	assert(wait >= -1);
}

/* Allowed is a link to the very host only. */
static void check_link(const char *text)
{
	static const char base[] = "https://graph.microsoft.com";

	if (url_allowed(text, base))
		assert(!url_is_loopback(text) && !url_is_link_local(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { 0 };

	if (!size)
		return 0;
	clock_set_virtual(NOW_MS);
	str_add_bytes(&text, (const char *)data + 1, size - 1);
	switch (data[0] % 5) {
	case 0:
		check_members(str_text(&text), text.len);
		break;
	case 1:
		check_document(str_text(&text), text.len);
		break;
	case 2:
		check_descriptor(data + 1, size - 1);
		break;
	case 3:
		check_headers(str_text(&text));
		break;
	default:
		check_link(str_text(&text));
	}
	str_release(&text);
	return 0;
}
