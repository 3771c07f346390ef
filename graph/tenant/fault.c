#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static void fault_release(struct fault *f)
{
	free((char *)(uintptr_t)f->method);
	free((char *)(uintptr_t)f->path);
	free((char *)(uintptr_t)f->retry_after);
}

void tenant_fault(struct tenant *t, const struct fault *f)
{
	struct fault *copy;

	if (t->nfaults == t->faults_cap) {
		t->faults_cap = t->faults_cap ? t->faults_cap * 2 : 8;
		t->faults = xrealloc(t->faults, t->faults_cap * sizeof(*t->faults));
		t->fault_seen = xrealloc(t->fault_seen, t->faults_cap * sizeof(*t->fault_seen));
	}
	t->fault_seen[t->nfaults] = 0;
	copy = &t->faults[t->nfaults++];
	*copy = *f;
	copy->method = xstrdup(f->method);
	copy->path = xstrdup(f->path);
	copy->retry_after = xstrdup(f->retry_after);
}

void tenant_faults_clear(struct tenant *t)
{
	for (size_t i = 0; i < t->nfaults; i++)
		fault_release(&t->faults[i]);
	t->nfaults = 0;
}

/* Whether a fault that has now been met `seen` times fires. */
static bool fires(const struct fault *f, unsigned seen)
{
	unsigned times = f->times ? f->times : 1;

	if (!f->nth)
		return !f->times || seen <= f->times;
	return seen >= f->nth && seen < f->nth + times;
}

const struct fault *fault_for(struct tenant *t, const char *method, const char *path)
{
	const struct fault *found = NULL;

	for (size_t i = 0; i < t->nfaults; i++) {
		const struct fault *f = &t->faults[i];

		if ((f->method && !str_same(f->method, method)) ||
		    (f->path && !str_starts(path, f->path)))
			continue;
		t->fault_seen[i]++;
		if (!found && fires(f, t->fault_seen[i]))
			found = f;
	}
	return found;
}

static const char *code_of(int status)
{
	static const struct {
		int status;
		const char *code;
	} codes[] = {
		{ 400, "Request_BadRequest" }, { 401, "InvalidAuthenticationToken" },
		{ 403, "Authorization_RequestDenied" }, { 404, "Request_ResourceNotFound" },
		{ 409, "Request_MultipleObjectsWithSameKeyValue" },
		{ 429, "TooManyRequests" }, { 500, "InternalServerError" },
		{ 503, "serviceNotAvailable" },
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (codes[i].status == status)
			return codes[i].code;
	return "UnknownError";
}

void fault_answer(const struct fault *f, struct tenant_response *r)
{
	switch (f->kind) {
	case FAULT_STATUS:
		answer_error(r, f->status, code_of(f->status),
			     "The service cannot answer this request.");
		break;
	case FAULT_THROTTLE:
		answer_error(r, 429, "TooManyRequests", "Please retry again later.");
		break;
	case FAULT_HTML:
		answer_text(r, f->status ? f->status : 502, "text/html",
			    "<html><head><title>502 Bad Gateway</title></head>"
			    "<body><h1>502 Bad Gateway</h1></body></html>");
		break;
	default:
		break;
	}
	if (f->retry_after && (f->kind == FAULT_STATUS || f->kind == FAULT_THROTTLE))
		headers_add(&r->headers, "Retry-After", f->retry_after);
}
