#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "checks/servers.h"
#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/recording.h"
#include "steps/server_import.h"
#include "steps/server_keep.h"
#include "steps/server_script.h"
#include "tests/unit/server_document.h"

#define STAGES "{\"StagingModeEnabled\":true,\"SyncCycleEnabled\":true,\"MaintenanceEnabled\":true}"
#define HOUR_MS (60 * 60 * 1000LL)

static int64_t now;

static int set_up(void **unused)
{
	(void)unused;
	return time_parse(SERVER_NOW, &now);
}

/* One of a pair: its computer, hours before now, and what is spoilt in it. */
struct one {
	const char *computer;
	int hours;
	struct {
		const char *what, *value;
	} change[2];
};

static void add(struct facts *f, const struct one *o)
{
	struct json *document = server_json(healthy_server);
	struct server_facts s;

	json_set_string(document, "computer", o->computer);
	for (size_t i = 0; i < COUNT_OF(o->change) && o->change[i].what; i++)
		server_spoil(document, o->change[i].what, o->change[i].value);
	server_facts_read(document, &s, &f->arena);
	s.collected_ms = now - o->hours * HOUR_MS;
	facts_add_server(f, &s);
	json_free(document);
}

static void pairs(void **unused)
{
	static const struct {
		const char *name;
		struct one a, b;
		const char *active, *first, *also;	/* NULL: no cause; none */
	} cases[] = {
		{ "a healthy pair", { "A", 1, { { NULL, NULL } } },
		  { "B", 0, { { "scheduler", STAGES } } }, "A", NULL, NULL },
		{ "the same, the active one asked first", { "B", 0, { { "scheduler", STAGES } } },
		  { "A", 0, { { NULL, NULL } } }, "A", NULL, NULL },
		{ "an old active one stays the active one",
		  { "A", 8 * 24, { { NULL, NULL } } }, { "B", 0, { { "scheduler", STAGES } } }, "A",
		  NULL, NULL },
		{ "only standbys are known", { "A", 1, { { "scheduler", STAGES } } },
		  { "B", 0, { { "scheduler", STAGES } } }, "B", "staging", NULL },
		{ "two at once are active", { "A", 1, { { NULL, NULL } } }, { "B", 0, { { NULL, NULL } } },
		  "B", "two-active", NULL },
		{ "two at once, one off", { "A", 1, { { NULL, NULL } } },
		  { "B", 0, { { "writeback", "{\"Enabled\":false}" } } }, "B", "two-active",
		  "writeback-off" },
		{ "the other was active days ago", { "A", 72, { { NULL, NULL } } },
		  { "B", 0, { { NULL, NULL } } }, "B", "two-active", NULL },
		{ "the other was active, and this one is off", { "A", 72, { { NULL, NULL } } },
		  { "B", 0, { { "writeback", "{\"Enabled\":false}" } } }, "B", "writeback-off",
		  "two-active" },
		{ "the other said so long ago", { "A", 8 * 24, { { NULL, NULL } } },
		  { "B", 0, { { NULL, NULL } } }, "B", NULL, NULL },
		{ "the standby is off", { "A", 0, { { NULL, NULL } } },
		  { "B", 0, { { "scheduler", STAGES }, { "writeback", "{\"Enabled\":false}" } } }, "A",
		  "standby-off", NULL },
		{ "the standby is too old", { "A", 0, { { NULL, NULL } } },
		  { "B", 0, { { "scheduler", STAGES }, { "version", "\"2.4.27.0\"" } } }, "A",
		  "standby-version", NULL },
		{ "the standby stopped", { "A", 0, { { NULL, NULL } } },
		  { "B", 0, { { "scheduler", STAGES },
			      { "services", "[{\"name\":\"ADSync\",\"status\":\"Stopped\"}]" } } },
		  "A", "standby-stopped", NULL },
		{ "both are off", { "A", 0, { { "writeback", "{\"Enabled\":false}" } } },
		  { "B", 0, { { "scheduler", STAGES }, { "writeback", "{\"Enabled\":false}" } } }, "A",
		  "writeback-off", "standby-off" },
		{ "a standby may be silent", { "A", 0, { { NULL, NULL } } },
		  { "B", 0, { { "scheduler", STAGES }, { "-events", "31019" } } }, "A", NULL, NULL },
		{ "the active one's clock, not the standby's",
		  { "A", 0, { { "clock", "{\"skewSeconds\":-1200}" } } },
		  { "B", 0, { { "scheduler", STAGES } } }, "A", "clock", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena arena = { 0 };
		struct server_causes c;
		bool also = !cases[i].also;
		struct facts f;

		facts_init(&f);
		f.now_ms = now;
		add(&f, &cases[i].a);
		add(&f, &cases[i].b);
		assert_int_equal(f.npeers, 1);
		if (strcmp(f.server.computer, cases[i].active))
			fail_msg("%s: %s is taken for active", cases[i].name, f.server.computer);
		servers_doctor(&f, &c, &arena);
		if (!c.n != !cases[i].first || (c.n && strcmp(c.v[0].id, cases[i].first)))
			fail_msg("%s: %s first", cases[i].name, c.n ? c.v[0].id : "nothing");
		for (size_t k = 0; k < c.n; k++)
			also |= !also && !strcmp(c.v[k].id, cases[i].also);
		if (!also)
			fail_msg("%s: no %s", cases[i].name, cases[i].also);
		arena_clear(&arena);
		facts_release(&f);
	}
}

/* Each server once, in whatever order and however often they were asked. */
static void many(void **unused)
{
	struct facts f;

	(void)unused;
	facts_init(&f);
	for (int i = 0; i < 40; i++) {
		char name[2] = { (char)('A' + (i * 7) % 5), '\0' };
		const struct one o = { name, 100 - i, { { "scheduler", i % 5 ? STAGES :
			"{\"StagingModeEnabled\":false}" } } };

		add(&f, &o);
	}
	assert_int_equal(f.npeers, 4);
	for (size_t i = 0; i < f.npeers; i++) {
		assert_string_not_equal(f.peers[i].computer, f.server.computer);
		if (i)
			assert_true(f.peers[i].collected_ms <= f.peers[i - 1].collected_ms);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(f.peers[i].computer, f.peers[k].computer);
	}
	assert_int_equal(f.server.staging, SERVER_NO);
	facts_release(&f);
}

/* A document of a computer, sealed as the script does. */
static void document_of(const char *computer, bool stages, struct str *out)
{
	struct json *document = server_json(healthy_server);
	char hash[SHA256_TEXT];

	json_set_string(document, "computer", computer);
	if (stages)
		server_spoil(document, "scheduler", STAGES);
	json_print(document, out);
	str_truncate(out, out->len - 1);
	sha256_hex(out->buf, out->len, hash);
	str_addf(out, ",\"sha256\":\"%s\"}", hash);
	json_free(document);
}

static void kept_side_by_side(void **unused)
{
	char dir[] = "/tmp/test_servers.XXXXXX";
	CLEANUP(str_release) struct str active = { 0 }, standby = { 0 };
	struct recording r = { .saved_ms = now }, back;
	struct err err = ERR_INIT;
	struct facts f;
	struct json *doc;

	(void)unused;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(server_request_remember(dir, SERVER_NONCE, now, &err), 0);
	document_of("SYNC01", false, &active);
	document_of("SYNC02", true, &standby);
	facts_init(&f);
	f.organization.id = SERVER_TENANT;
	assert_int_equal(server_import_text(active.buf, active.len, dir, &f, now, &err), 0);
	assert_int_equal(server_import_text(standby.buf, standby.len, dir, &f, now, &err), 0);
	assert_string_equal(f.server.computer, "SYNC01");
	facts_release(&f);

	facts_init(&f);
	f.organization.id = SERVER_TENANT;
	assert_int_equal(server_load(dir, &f, now, &err), 0);
	assert_string_equal(f.server.computer, "SYNC01");
	assert_int_equal(f.npeers, 1);
	assert_string_equal(f.peers[0].computer, "SYNC02");
	facts_release(&f);

	/* Saved facts carry both, and are verified like an import. */
	r.servers = server_kept(dir, &err);
	r.cloud = xstrdup("global");
	doc = recording_json(&r);
	assert_int_equal(recording_read(doc, &back, &err), 0);
	json_free(doc);
	facts_init(&f);
	f.organization.id = SERVER_TENANT;
	assert_int_equal(server_load_list(back.servers, &f, now, &err), 0);
	assert_string_equal(f.server.computer, "SYNC01");
	facts_release(&f);
	facts_init(&f);
	f.organization.id = "00000000-c2fe-4f77-8e12-5385f4ac5093";
	assert_int_equal(server_load_list(back.servers, &f, now, &err), -1);
	assert_non_null(strstr(err.msg, "another tenant"));
	assert_false(f.server.present);
	f.organization.id = SERVER_TENANT;
	err = (struct err)ERR_INIT;
	assert_int_equal(server_load_list(back.servers, &f, now - 48 * HOUR_MS, &err), -1);
	assert_non_null(strstr(err.msg, "from the future"));
	/* One letter of the text, and it is refused; the other one still counts. */
	doc = json_first_mutable(back.servers);
	{
		char *text = xstrdup(json_string(doc, "text"));

		text[40] = text[40] == 'A' ? 'B' : 'A';
		json_set_string(doc, "text", text);
		free(text);
	}
	err = (struct err)ERR_INIT;
	assert_int_equal(server_load_list(back.servers, &f, now, &err), -1);
	assert_string_equal(f.server.computer, "SYNC02");
	facts_release(&f);
	recording_release(&r);
	recording_release(&back);

	/* An older document of the same computer takes no newer one's place. */
	assert_int_equal(server_keep(dir, "sync01", now - HOUR_MS, "{}", 2, &err), -1);
	assert_non_null(strstr(err.msg, "a newer one"));
	for (int i = 0; i < 2 * SERVERS_KEEP; i++) {
		char name[3] = { 'X', (char)('A' + i), '\0' };

		assert_int_equal(server_keep(dir, name, now + i, "{}", 2, &err), 0);
	}
	doc = server_kept(dir, &err);
	assert_int_equal(json_count(doc), SERVERS_KEEP);
	json_free(doc);
	for (size_t i = 0; i < 2; i++) {
		char *path = xasprintf("%s/%s", dir, i ? "servers.json" : "server-requests.json");

		assert_int_equal(unlink(path), 0);
		free(path);
	}
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs),
		cmocka_unit_test(many),
		cmocka_unit_test(kept_side_by_side),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
