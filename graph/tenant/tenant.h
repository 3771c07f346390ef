#ifndef GRAPH_TENANT_TENANT_H
#define GRAPH_TENANT_TENANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/loop.h"
#include "graph/probe.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * struct tenant - the simulated tenant: (state, request) -> (state, response),
 * strict as Graph is. It knows neither the loop nor a socket; time comes from
 * clock_now_ms().
 */
struct tenant;

/* Scenarios: contoso, cloud-only, rolled-out, troubled, hostile-names, large.
 * users is the size of `large` (0 = 10,000). */
struct tenant *tenant_new(const char *scenario, size_t users, struct err *err);
/* From a state file written by tenant_save(); made anew from the scenario when
 * the file does not exist. A file of another scenario is refused, but "contoso",
 * which is the scenario of those who name none, opens any. */
struct tenant *tenant_open(const char *path, const char *scenario, size_t users,
			   struct err *err);
int tenant_save(const struct tenant *t, const char *path, struct err *err);
/*
 * Like tenant_open(), and the file stays this program's: a lock beside it
 * ("FILE.lock") keeps other programs out until tenant_free(), and every write
 * is saved before it is answered, so that a killed program loses nothing that
 * its journal calls done. With look_only a file that another program holds is
 * only read and nothing is saved; else that is ERR_CONFLICT.
 */
struct tenant *tenant_open_kept(const char *path, const char *scenario, size_t users,
				bool look_only, struct err *err);
/* Saves a kept tenant now; 0 for any other. */
int tenant_save_kept(struct tenant *t, struct err *err);
/* Gives the file up without saving, as a program that is killed does. */
void tenant_let_go(struct tenant *t);
void tenant_free(struct tenant *t);
const char *tenant_id(const struct tenant *t);
/* The scenarios' names, NULL-terminated. */
extern const char *const tenant_scenarios[];
/* The state as JSON, borrowed: for tests. */
const struct json *tenant_state(const struct tenant *t);
/* The troubles planted in `troubled`: a JSON array of {id, finding, what}. */
const struct json *tenant_troubles(const struct tenant *t);

/* What the simulated network answers; ctx is the tenant. For probes_options. */
void tenant_probe(const struct probe_target *target, struct probe_result *ret, void *ctx);

struct tenant_request {
	const char *method;
	const char *url;	/* absolute, or from the path on */
	const struct headers *headers;
	const char *body;	/* NULL for none */
	size_t body_len;
};

struct tenant_response {
	int status;
	struct headers headers;
	struct str body;	/* bytes; hostile text stays hostile */
	int delay_ms;		/* wait this long before it is given (FAULT_SLOW) */
	const struct fault *fault;	/* that it met, borrowed; NULL = none */
};

/* status 0 in the response: the connection is lost and no answer comes. */

void tenant_handle(struct tenant *t, const struct tenant_request *req,
		   struct tenant_response *resp);
void tenant_response_release(struct tenant_response *resp);

/*
 * Faults, for tests: the n-th request (from 1, 0 = every) whose method and
 * path start with these gets the fault instead of, or after, being handled.
 */
enum fault_kind {
	FAULT_STATUS,		/* answer `status` without handling */
	FAULT_THROTTLE,		/* 429 with Retry-After retry_after */
	FAULT_LOST_BEFORE,	/* connection lost, not handled */
	FAULT_LOST_AFTER,	/* handled, answer lost */
	FAULT_HTML,		/* 502 with an HTML body */
	FAULT_TRUNCATED,	/* handled, JSON cut in half */
	FAULT_SLOW,		/* handled, after `delay_ms` more */
};
struct fault {
	enum fault_kind kind;
	const char *method;	/* NULL = any */
	const char *path;	/* prefix without host, NULL = any */
	unsigned nth;
	int status;
	const char *retry_after;	/* header value, NULL = none */
	int delay_ms;
	unsigned times;		/* how often; 0 = once */
};
void tenant_fault(struct tenant *t, const struct fault *f);
void tenant_faults_clear(struct tenant *t);
/* Throttling as Graph does it (facts graph.md 10.1); on at first. */
void tenant_set_throttling(struct tenant *t, bool on);

/* How long the tokens last that the sign-in service gives out; 3599 at first. */
void tenant_set_token_life(struct tenant *t, int seconds);

/* What happened, for the laws: how many requests were writes, how many in all. */
size_t tenant_request_count(const struct tenant *t);
size_t tenant_write_count(const struct tenant *t);
/* Appends each exchange to a file as a JSON line for the contract check
 * ({method,url,headers,body,status,responseHeaders,responseBody}). */
int tenant_record_to(struct tenant *t, const char *path, struct err *err);

/* What a person does in the admin centre: sets a setting that has no API
 * ("scope", "methodsRequired", "notifyUsers", "notifyAdmins", "writeback",
 * "unlock", "registrationRequired", "reconfirmDays", "helpdesk") and writes the audit event, as the portal does. */
int tenant_portal_set(struct tenant *t, const char *setting, const char *value,
		      struct err *err);

/* What a person does at the password reset page: step 0, 1, ... of one attempt, each
 * an event of the log. False when that was the last, or there is no such person. */
bool tenant_reset_step(struct tenant *t, const char *user, unsigned step,
		       const char *correlation);

/* Grants a scope beside those of the scenario, as an administrator's consent does. */
void tenant_consent(struct tenant *t, const char *scope);

/* The in-process transport with latency; and the token the tenant accepts.
 * latency_ms is the middle of a seeded spread; 0 = next loop turn. */
struct transport *tenant_transport_new(struct loop *l, struct tenant *t, int latency_ms);
struct token_source *tenant_token_new(struct loop *l, struct tenant *t);
/* A token with this scope and User.Read alone; more are granted when they are needed. */
struct token_source *tenant_scoped_token_new(struct loop *l, struct tenant *t,
					     const char *scope);
/* The token for the admin centre's own API, and how often that was asked. */
struct token_source *tenant_portal_token_new(struct loop *l, struct tenant *t);
size_t tenant_portal_count(const struct tenant *t);

#endif
