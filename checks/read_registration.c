/* Readers of the registration report, scanned and folded: counts of everybody,
 * rows of the few who matter (facts graph.md 7.1 and 7.2). */
#include <string.h>

#include "checks/check.h"
#include "checks/gates.h"
#include "checks/read_area.h"
#include "graph/base/str.h"

#define ROWS_PATH "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=999" \
	"&$select=id,userPrincipalName,userDisplayName,userType,isAdmin,isSsprRegistered," \
	"isSsprEnabled,isSsprCapable,isMfaRegistered,isMfaCapable,methodsRegistered,"	\
	"lastUpdatedDateTime"
#define COUNTS_PATH "/v1.0/reports/authenticationMethods/usersRegisteredByFeature" \
	"(includedUserTypes='member',includedUserRoles='user')"

/* Which of a row's methods a reset could use. */
static unsigned row_gates(const struct json *methods, size_t *ret_usable, bool *ret_question)
{
	unsigned mask = 0;

	*ret_usable = 0;
	*ret_question = false;
	for (const struct json *j = json_first(methods); j; j = json_next(j)) {
		unsigned gate = method_gate(json_text(j));

		mask |= gate;
		*ret_usable += gate != 0;
		if (str_same_nocase(json_text(j), "securityQuestion"))
			*ret_question = true;
	}
	return mask;
}

static void count_row(struct registration *r, const struct json *row)
{
	bool registered = json_bool(row, "isSsprRegistered", false);
	size_t usable;
	bool question;
	unsigned mask = row_gates(json_get(row, "methodsRegistered"), &usable, &question);

	r->members_total++;
	r->enabled_total += json_bool(row, "isSsprEnabled", false);
	r->capable_total += json_bool(row, "isSsprCapable", false);
	r->registered_total += registered;
	r->question_only += question && usable == 0;
	r->question_people += question;
	r->phone_only += mask == GATE_PHONE;
	/*
	 * One phone or one address and nothing else: whether that counts as
	 * registered tells how many are required. The app alone is left out,
	 * because it may not be somebody's only method (facts graph.md 5.4).
	 */
	if (usable == 1 && !question && mask != GATE_APP) {
		if (registered)
			r->one_method_registered++;
		else
			r->one_method_not++;
	}
}

static void count_mfa(struct facts *f, const struct json *row)
{
	struct registration *r = &f->registration;

	r->mfa_members++;
	for (const struct json *j = json_first(json_get(row, "methodsRegistered")); j;
	     j = json_next(j)) {
		if (method_is_strong(json_text(j))) {
			r->strong_members++;
			break;
		}
	}
	if (json_bool(row, "isMfaCapable", false)) {
		r->mfa_capable++;
		return;
	}
	if (r->nmfa_gaps < MFA_GAPS_KEPT)
		r->mfa_gaps[r->nmfa_gaps] =
			arena_strdup(&f->area_arena[AREA_REGISTRATION],
				     json_string_or(row, "userPrincipalName", "(no name)"));
	r->nmfa_gaps++;
}

static void keep_row(struct facts *f, const struct json *row, int64_t updated_ms)
{
	struct arena *a = &f->area_arena[AREA_REGISTRATION];
	struct people *kept = &f->registration.kept;
	const struct json *methods = json_get(row, "methodsRegistered");
	const char **names = arena_alloc(a, (json_count(methods) + 1) * sizeof(*names));
	struct person *p;

	ARENA_GROW(a, kept->v, kept->n, kept->cap);
	p = &kept->v[kept->n++];
	*p = (struct person){
		.id = text_of(a, row, "id"),
		.display_name = text_of(a, row, "userDisplayName"),
		.upn = text_of(a, row, "userPrincipalName"),
		.type = str_same_nocase(json_string(row, "userType"), "guest") ? USER_GUEST
									       : USER_MEMBER,
		.admin = tri_of(row, "isAdmin"),
		.row_ms = updated_ms ? updated_ms : f->now_ms,
		.sspr_registered = tri_of(row, "isSsprRegistered"),
		.sspr_enabled = tri_of(row, "isSsprEnabled"),
		.sspr_capable = tri_of(row, "isSsprCapable"),
		.mfa_registered = tri_of(row, "isMfaRegistered"),
		.mfa_capable = tri_of(row, "isMfaCapable"),
		.methods = names,
	};
	for (const struct json *j = json_first(methods); j; j = json_next(j))
		if (json_text(j))
			names[p->nmethods++] = arena_strdup(a, json_text(j));
}

static bool fold_rows(void *acc, const struct json *value)
{
	struct facts *f = acc;
	struct registration *r = &f->registration;

	for (const struct json *row = json_first(value); row; row = json_next(row)) {
		const char *id = json_string(row, "id");
		bool guest = str_same_nocase(json_string(row, "userType"), "guest");
		bool admin = json_bool(row, "isAdmin", false);
		int64_t updated = time_of(row, "lastUpdatedDateTime");

		r->rows++;
		if (updated && (!r->oldest_row_ms || updated < r->oldest_row_ms))
			r->oldest_row_ms = updated;
		if (updated > r->newest_row_ms)
			r->newest_row_ms = updated;
		/* Administrators have a policy of their own and would blur the
		 * picture of the people's scope (facts portal-api.md 5.1). */
		if (!guest && !admin)
			count_row(r, row);
		if (!guest)
			count_mfa(f, row);
		if ((admin && !guest) || people_find(&f->members.people, id) ||
		    people_find(&f->wanted_people.people, id))
			keep_row(f, row, updated);
	}
	return true;
}

static void take_counts(struct registration *r, const struct json *j)
{
	const struct json *one = json_get(j, "value");

	/* A bare object, or in "value" (facts graph.md 7.2). */
	if (json_is(one, JSON_OBJECT))
		j = one;
	else if (json_is(one, JSON_ARRAY))
		j = json_first(one);
	if (!json_has(j, "userRegistrationFeatureCounts"))
		return;
	r->have_counts = true;
	r->count_total = (size_t)json_int(j, "totalUserCount", 0);
	for (const struct json *c = json_first(json_get(j, "userRegistrationFeatureCounts")); c;
	     c = json_next(c)) {
		const char *feature = json_string(c, "feature");
		int64_t n = json_int(c, "userCount", 0);
		size_t count = n > 0 ? (size_t)n : 0;

		if (str_same_nocase(feature, "ssprEnabled"))
			r->count_enabled = count;
		else if (str_same_nocase(feature, "ssprRegistered"))
			r->count_registered = count;
		else if (str_same_nocase(feature, "ssprCapable"))
			r->count_capable = count;
	}
}

enum read_rc read_registration(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *rows = io_scan(io, ROWS_PATH, 0, fold_rows, f);
	const struct reply *counts = io_get(io, COUNTS_PATH, 0);
	struct registration *r = &f->registration;

	(void)w;
	if (!rows || !counts)
		return READ_AGAIN;
	/* The counts are a second opinion: without them the rows still tell. */
	if (reply_well(counts))
		take_counts(r, counts->json);
	if (source_note(f, AREA_REGISTRATION, ROWS_PATH, rows))
		people_index(&r->kept, &f->area_arena[AREA_REGISTRATION]);
	return READ_DONE;
}

/* A directory synchronisation account: an administrator by role, but nobody. */
static bool is_sync_account(const struct facts *f, const struct person *p)
{
	for (size_t i = 0; i < f->sync.nidentities; i++)
		if (str_same_nocase(f->sync.identities[i].id, p->id))
			return true;
	return p->upn && str_find_nocase(p->upn, "Sync_") == p->upn;
}

enum read_rc read_admins(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct people *kept = &f->registration.kept;
	struct arena *a = &f->area_arena[AREA_ADMINS];
	struct admins *out = &f->admins;

	(void)w;
	(void)io;
	f->source[AREA_ADMINS] = f->source[AREA_REGISTRATION];
	if (!facts_read(f, AREA_REGISTRATION))
		return READ_DONE;
	for (size_t i = 0; i < kept->n; i++) {
		const struct person *p = &kept->v[i];

		if (p->admin != TRI_YES || p->type == USER_GUEST)
			continue;
		if (is_sync_account(f, p)) {
			out->sync_accounts++;
			continue;
		}
		ARENA_GROW(a, out->people.v, out->people.n, out->people.cap);
		out->people.v[out->people.n++] = *p;
	}
	people_index(&out->people, a);
	return READ_DONE;
}
