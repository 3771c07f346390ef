#include "graph/tenant/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define STATE_FORMAT "sspr-wizard/tenant/1"
#define STATE_BYTES_MAX (256u << 20)

static struct tenant *tenant_from(struct json *state)
{
	struct tenant *t = xcalloc(1, sizeof(*t));
	double crowd = json_number(state, "users_total", 0);

	t->state = state;
	t->crowd = crowd > 0 ? (size_t)crowd : 0;
	t->random = UINT64_C(0x5351a7b3c9d10e25);
	t->throttling = true;
	t->token_life_s = TOKEN_LIFE_S;
	t->lock_fd = -1;
	return t;
}

struct tenant *tenant_new(const char *scenario, size_t users, struct err *err)
{
	struct json *state = scenario_build(scenario, err);

	if (!state)
		return NULL;
	if (users && json_number(state, "users_total", 0) > 0)
		json_set_number(state, "users_total", (double)users);
	return tenant_from(state);
}

#define SCENARIO_DEFAULT "contoso"

/* Whether the state is a simulated tenant, and the one that was asked for. */
static int check_state(const struct json *state, const char *path, const char *scenario,
		       struct err *err)
{
	const char *is = json_string_or(state, "scenario", "");

	if (!str_same(json_string(state, "format"), STATE_FORMAT)) {
		err_set(err, ERR_PARSE, 0, "%s does not hold a simulated tenant", path);
		return err_todo(err, "Name a file written by --demo-state, or a new one.");
	}
	if (str_same(scenario, SCENARIO_DEFAULT) || str_same(scenario, is))
		return 0;
	err_set(err, ERR_CONFLICT, 0, "%s holds the scenario %s, not %s", path, is, scenario);
	return err_todo(err, "Use --demo=%s, or name another --demo-state.", is);
}

struct tenant *tenant_open(const char *path, const char *scenario, size_t users,
			   struct err *err)
{
	struct str text = { .max = STATE_BYTES_MAX };
	struct json *state = NULL;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return tenant_new(scenario, users, err);
	if (file_read(path, STATE_BYTES_MAX, &text, err) == 0) {
		state = json_parse_raw(str_text(&text), text.len, err);
		if (!state)
			err_wrap(err, "%s does not hold a simulated tenant", path);
	}
	str_release(&text);
	if (!state) {
		err_todo(err, "Name a file written by --demo-state, or a new one.");
		return NULL;
	}
	if (check_state(state, path, scenario, err) < 0) {
		json_free(state);
		return NULL;
	}
	return tenant_from(state);
}

struct tenant *tenant_open_kept(const char *path, const char *scenario, size_t users,
				bool look_only, struct err *err)
{
	CLEANUP(free_ptr) char *lock = xasprintf("%s.lock", path);
	struct tenant *t;
	bool held = false;
	int fd = -1;

	if (file_lock(lock, &fd, err) < 0) {
		held = err->kind == ERR_CONFLICT;
		if (held)
			err_wrap(err, "another program works on the simulated tenant %s", path);
		if (!held || !look_only) {
			err_todo(err, held ? "Wait until it ends, or name another --demo-state."
					   : "Name a file that can be written.");
			return NULL;
		}
		memset(err, 0, sizeof(*err));
	}
	t = tenant_open(path, scenario, users, err);
	if (!t || held) {
		if (fd >= 0)
			close(fd);
		return t;
	}
	t->kept = xstrdup(path);
	t->lock_fd = fd;
	return t;
}

int tenant_save_kept(struct tenant *t, struct err *err)
{
	if (!t->kept || tenant_save(t, t->kept, err) == 0)
		return 0;
	return err_wrap(err, "the simulated tenant was not saved");
}

void tenant_let_go(struct tenant *t)
{
	free(t->kept);
	t->kept = NULL;
	if (t->lock_fd >= 0)
		close(t->lock_fd);
	t->lock_fd = -1;
}

int tenant_save(const struct tenant *t, const char *path, struct err *err)
{
	struct str text = { .max = STATE_BYTES_MAX };
	int ret;

	json_print_pretty(t->state, &text);
	str_add_char(&text, '\n');
	if (text.overflow)
		ret = err_set(err, ERR_LIMIT, 0, "the simulated tenant is too large to save");
	else
		ret = file_write(path, str_text(&text), text.len, err);
	str_release(&text);
	return ret;
}

void tenant_free(struct tenant *t)
{
	if (!t)
		return;
	tenant_faults_clear(t);
	free(t->faults);
	free(t->fault_seen);
	index_reset(t);
	json_free(t->granted);
	json_free(t->state);
	if (t->record)
		fclose(t->record);
	tenant_let_go(t);
	free(t);
}

const char *tenant_id(const struct tenant *t)
{
	return json_string_or(t->state, "tenantId", "");
}

const struct json *tenant_state(const struct tenant *t)
{
	return t->state;
}

const struct json *tenant_troubles(const struct tenant *t)
{
	return json_get(t->state, "troubles");
}

size_t tenant_request_count(const struct tenant *t)
{
	return t->requests;
}

size_t tenant_write_count(const struct tenant *t)
{
	return t->writes;
}

void tenant_set_throttling(struct tenant *t, bool on)
{
	t->throttling = on;
}

void tenant_set_token_life(struct tenant *t, int seconds)
{
	t->token_life_s = seconds;
}

void tenant_response_release(struct tenant_response *resp)
{
	headers_release(&resp->headers);
	str_release(&resp->body);
	memset(resp, 0, sizeof(*resp));
}

/* RFC 9110 dates are English whatever the locale is. */
static void add_date(struct headers *h)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
					  "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now = (time_t)(clock_now_ms() / 1000);
	struct tm tm;
	char text[64];

	if (!gmtime_r(&now, &tm))
		return;
	snprintf(text, sizeof(text), "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday],
		 tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		 tm.tm_sec);
	headers_add(h, "Date", text);
}

static void add_headers(struct tenant *t, const struct tenant_request *req,
			struct tenant_response *r)
{
	const char *client = headers_get(req->headers, "client-request-id");
	char id[40];

	snprintf(id, sizeof(id), "%08x-%04x-4%03x-8%03x-%08x%04x", tenant_random(t, 0x7fffffff),
		 tenant_random(t, 0x10000), tenant_random(t, 0x1000), tenant_random(t, 0x1000),
		 tenant_random(t, 0x7fffffff), tenant_random(t, 0x10000));
	headers_add(&r->headers, "request-id", id);
	headers_add(&r->headers, "client-request-id", client ? client : id);
	add_date(&r->headers);
}

/* Whether the fault takes the place of the answer. */
static bool replaces(const struct fault *f)
{
	return f && (f->kind == FAULT_STATUS || f->kind == FAULT_THROTTLE ||
		     f->kind == FAULT_HTML || f->kind == FAULT_LOST_BEFORE);
}

/* The segment that Graph would not know: the first, or below an area. */
static const char *unknown_segment(const struct tenant_call *c)
{
	static const char *const areas[] = { "auditLogs", "directory", "identity", "policies",
					     "reports", "roleManagement", "security" };

	for (size_t i = 0; i < COUNT_OF(areas); i++)
		if (c->nsegments > 2 && str_same_nocase(c->segments[1], areas[i]))
			return c->segments[2];
	return c->segments[1];
}

void tenant_dispatch(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	static bool (*const handlers[])(struct tenant *, const struct tenant_call *,
					struct tenant_response *) = {
		handle_batch, handle_applications, handle_directory, handle_roles, handle_groups, handle_members,
		handle_policies, handle_reports, handle_audit, handle_sync,
	};

	registration_refresh(t);
	replication_refresh(t);
	for (size_t i = 0; i < COUNT_OF(handlers); i++)
		if (handlers[i](t, c, r))
			return;
	answer_no_segment(r, unknown_segment(c));
}

static void handle_graph(struct tenant *t, const struct tenant_request *req,
			 struct tenant_response *r)
{
	struct tenant_call c;

	if (tenant_call_init(&c, req, r) &&
	    token_check(t, headers_get(req->headers, "Authorization"), r)) {
		/* A batch counts as a write when one of its items is one. */
		if (!call_is_method(&c, "GET") && !CALL_IS(&c, "$batch"))
			t->writes++;
		if (throttle_pass(t, &c, r))
			tenant_dispatch(t, &c, r);
	}
	tenant_call_release(&c);
}

void tenant_handle(struct tenant *t, const struct tenant_request *req,
		   struct tenant_response *resp)
{
	static const struct headers none = { 0 };
	struct tenant_request request = *req;
	struct err unsaved = ERR_INIT;	/* told when it is saved at the end */
	size_t writes = t->writes;
	const struct fault *f = fault_for(t, req->method, url_path(req->url));

	memset(resp, 0, sizeof(*resp));
	if (!request.headers)
		request.headers = &none;
	add_headers(t, &request, resp);
	if (replaces(f)) {
		t->requests++;
		fault_answer(f, resp);
		record_exchange(t, &request, resp);
	} else if (!handle_login(t, &request, resp)) {
		/* Signing in is neither counted nor recorded. */
		t->requests++;
		if (!handle_portal(t, &request, resp))
			handle_graph(t, &request, resp);
		record_exchange(t, &request, resp);
	}
	if (t->writes != writes)
		tenant_save_kept(t, &unsaved);
	resp->fault = f;
	if (!f)
		return;
	if (f->kind == FAULT_LOST_BEFORE || f->kind == FAULT_LOST_AFTER) {
		resp->status = 0;
		str_clear(&resp->body);
	} else if (f->kind == FAULT_TRUNCATED) {
		str_truncate(&resp->body, resp->body.len / 2);
	} else if (f->kind == FAULT_SLOW) {
		resp->delay_ms = f->delay_ms;
	}
}
