/* Readers of the tenant itself: organization, licences, authorization policy,
 * sign-in page, Secure Score, Entra's recommendation, and ports. */
#include <stdlib.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"
#include "graph/url.h"

#define ORGANIZATION_PATH "/v1.0/organization?$select=id,displayName,tenantType," \
	"verifiedDomains,onPremisesSyncEnabled,onPremisesLastSyncDateTime"
#define LICENCES_PATH "/v1.0/subscribedSkus?$select=id,skuId,skuPartNumber,appliesTo," \
	"capabilityStatus,consumedUnits,prepaidUnits,servicePlans"
#define AUTHORIZATION_PATH "/v1.0/policies/authorizationPolicy?$select=id,allowedToUseSSPR"
#define SCORE_PATH "/v1.0/security/secureScores?$top=1"

/* Federation and a custom domain decide on writeback and on the two-gate
 * policy (facts graph.md 2.1 and 6.2). */
static void take_domains(struct organization *o, struct arena *a, const struct json *domains)
{
	const char **federated = NULL;
	size_t n = 0, cap = 0;

	for (const struct json *d = json_first(domains); d; d = json_next(d)) {
		const char *name = json_string_or(d, "name", "");

		if (json_bool(d, "isInitial", false))
			o->initial_domain = arena_strdup(a, name);
		if (json_bool(d, "isDefault", false))
			o->default_domain = arena_strdup(a, name);
		if (!json_bool(d, "isInitial", false) && !str_ends(name, ".onmicrosoft.com"))
			o->custom_domain = true;
		if (str_same_nocase(json_string(d, "type"), "Federated")) {
			ARENA_GROW(a, federated, n, cap);
			federated[n++] = arena_strdup(a, name);
		}
	}
	o->federated = n > 0;
	o->federated_domains = federated;
	o->nfederated = n;
}

enum read_rc read_organization(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r = io_get(io, ORGANIZATION_PATH, 0);
	struct arena *a = &f->area_arena[AREA_ORGANIZATION];
	struct organization *o = &f->organization;
	const struct json *one;

	(void)w;
	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_ORGANIZATION, ORGANIZATION_PATH, r))
		return READ_DONE;
	one = json_first(json_get(r->json, "value"));
	if (!one) {
		source_set(f, AREA_ORGANIZATION, SOURCE_FAILED,
			   "the answer names no organization");
		return READ_DONE;
	}
	o->id = text_of(a, one, "id");
	o->display_name = text_of(a, one, "displayName");
	o->tenant_type = text_of(a, one, "tenantType");
	o->sync_enabled = tri_of(one, "onPremisesSyncEnabled");
	o->ever_synced = o->sync_enabled != TRI_UNKNOWN;
	o->last_sync_ms = time_of(one, "onPremisesLastSyncDateTime");
	take_domains(o, a, json_get(one, "verifiedDomains"));
	return READ_DONE;
}

/* Rooms and shared devices carry the same plan and are no people
 * (facts graph.md 1.2). */
static bool sku_of_people(const char *part, const char *applies_to)
{
	static const char *const not_people[] = {
		"MEETING_ROOM", "Microsoft_Teams_Rooms_", "MCOCAP",
	};

	for (size_t i = 0; i < sizeof(not_people) / sizeof(not_people[0]); i++)
		if (part && str_find_nocase(part, not_people[i]) == part)
			return false;
	return !applies_to || str_same_nocase(applies_to, "User");
}

static void take_sku(struct sku *s, struct arena *a, const struct json *j)
{
	const struct json *units = json_get(j, "prepaidUnits");

	memset(s, 0, sizeof(*s));
	s->part_number = text_of(a, j, "skuPartNumber");
	s->sku_id = text_of(a, j, "skuId");
	s->status = text_of(a, j, "capabilityStatus");
	s->people = sku_of_people(s->part_number, json_string(j, "appliesTo"));
	s->enabled = (int)json_int(units, "enabled", 0);
	s->warning = (int)json_int(units, "warning", 0);
	s->suspended = (int)json_int(units, "suspended", 0);
	s->consumed = (int)json_int(j, "consumedUnits", 0);
	for (const struct json *p = json_first(json_get(j, "servicePlans")); p;
	     p = json_next(p)) {
		const char *id = json_string(p, "servicePlanId");

		if (str_same_nocase(json_string(p, "provisioningStatus"), "Disabled"))
			continue;
		s->p1 = s->p1 || str_same_nocase(id, PLAN_P1);
		s->p2 = s->p2 || str_same_nocase(id, PLAN_P2);
		s->smb = s->smb || str_same_nocase(id, PLAN_SMB);
	}
}

enum read_rc read_licences(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r = io_get(io, LICENCES_PATH, 0);
	struct arena *a = &f->area_arena[AREA_LICENCES];
	struct licences *l = &f->licences;

	(void)w;
	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_LICENCES, LICENCES_PATH, r))
		return READ_DONE;
	for (const struct json *j = json_first(json_get(r->json, "value")); j;
	     j = json_next(j)) {
		ARENA_GROW(a, l->v, l->n, l->cap);
		take_sku(&l->v[l->n++], a, j);
	}
	return READ_DONE;
}

enum read_rc read_authorization(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r = io_get(io, AUTHORIZATION_PATH, 0);

	(void)w;
	if (!r)
		return READ_AGAIN;
	if (source_note(f, AREA_AUTHORIZATION, AUTHORIZATION_PATH, r))
		f->authorization.admins_may_reset = tri_of(r->json, "allowedToUseSSPR");
	return READ_DONE;
}

/* The switches that hide the reset link: facts peers.md H7. */
static void take_branding(struct branding *b, struct arena *a, const struct json *j)
{
	static const char *const switches[] = {
		"hideAccountResetCredentials", "hideCannotAccessYourAccount",
		"hideForgotMyPassword", "hideResetItNow",
	};
	const struct json *text = json_get(j, "loginPageTextVisibilitySettings");
	struct str hidden = { 0 };

	b->present = true;
	b->hide_reset_link = TRI_NO;
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (json_bool(text, switches[i], false))
			str_addf(&hidden, "%s%s", hidden.len ? ", " : "", switches[i]);
	if (hidden.len) {
		b->hide_reset_link = TRI_YES;
		b->hidden = arena_strdup(a, str_text(&hidden));
	}
	str_release(&hidden);
	b->custom_reset_url = text_of(a, j, "customAccountResetCredentialsUrl");
	if (b->custom_reset_url && !b->custom_reset_url[0])
		b->custom_reset_url = NULL;
}

enum read_rc read_branding(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_BRANDING];
	struct str path = { 0 };
	const struct reply *r;

	(void)w;
	if (!facts_read(f, AREA_ORGANIZATION) || !f->organization.id) {
		source_set(f, AREA_BRANDING, SOURCE_SKIPPED,
			   "the organization could not be read first");
		return READ_DONE;
	}
	str_add(&path, "/v1.0/organization/");
	url_encode(&path, f->organization.id);
	str_add(&path, "/branding?$select=id,loginPageTextVisibilitySettings,"
		       "customAccountResetCredentialsUrl");
	r = io_get(io, str_text(&path), 0);
	if (r && source_note(f, AREA_BRANDING, str_text(&path), r)) {
		take_branding(&f->branding, a, r->json);
	} else if (r && f->source[AREA_BRANDING].state == SOURCE_ABSENT) {
		/* 404 is the answer of a tenant without branding: a plain page. */
		f->source[AREA_BRANDING].state = SOURCE_READ;
		f->branding.hide_reset_link = TRI_NO;
	}
	str_release(&path);
	return r ? READ_DONE : READ_AGAIN;
}

/* count and total come as text, against the metadata (facts portal-api.md 5.4). */
static int number_of(const struct json *obj, const char *key)
{
	const char *text = json_string(obj, key);
	long n;
	char *end;

	if (!text)
		return (int)json_int(obj, key, -1);
	n = strtol(text, &end, 10);
	return end != text && !*end && n >= 0 && n < 1000000000 ? (int)n : -1;
}

static void take_control(struct facts *f, const struct json *c)
{
	struct arena *a = &f->area_arena[AREA_SCORE];
	struct score *s = &f->score;

	ARENA_GROW(a, s->controls, s->ncontrols, s->controls_cap);
	s->controls[s->ncontrols++] = (struct score_control){
		.name = arena_strdup(a, json_string_or(c, "controlName", "")),
		.text = text_of(a, c, "implementationStatus"),
		.percent = (int)json_number(c, "scoreInPercentage", -1),
	};
}

enum read_rc read_score(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r = io_get(io, SCORE_PATH, 0);
	const struct json *score;

	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_SCORE, SCORE_PATH, r))
		return READ_DONE;
	score = json_first(json_get(r->json, "value"));
	f->score.synced_ms = time_of(score, "createdDateTime");
	for (const struct json *c = json_first(json_get(score, "controlScores")); c;
	     c = json_next(c)) {
		if (w->benchmark)
			take_control(f, c);
		if (!str_same_nocase(json_string(c, "controlName"), "SelfServicePasswordReset"))
			continue;
		f->score.count = number_of(c, "count");
		f->score.total = number_of(c, "total");
		if (time_of(c, "lastSynced"))
			f->score.synced_ms = time_of(c, "lastSynced");
	}
	return READ_DONE;
}

/*
 * By its id, which facts portal-api.md 5.5 gives; a filter on the list is proved
 * nowhere. Entra shows a recommendation only where it applies: 404 tells nothing.
 */
enum read_rc read_recommendation(struct facts *f, const struct wanted *w, struct io *io)
{
	struct recommendation *one = &f->recommendation;
	struct str path = { 0 };
	const struct reply *r;

	if (w->beta != TRI_YES || !facts_read(f, AREA_ORGANIZATION) || !f->organization.id) {
		source_set(f, AREA_RECOMMENDATION, SOURCE_SKIPPED, "%s", w->beta != TRI_YES
			   ? "only Microsoft's beta interface tells it (--beta)"
			   : "the organization could not be read first");
		return READ_DONE;
	}
	str_add(&path, "/beta/directory/recommendations/");
	url_encode(&path, f->organization.id);
	str_add(&path, "_selfServicePasswordReset");
	r = io_get(io, str_text(&path), 0);
	if (r && source_note(f, AREA_RECOMMENDATION, str_text(&path), r)) {
		one->status = text_of(&f->area_arena[AREA_RECOMMENDATION], r->json, "status");
		one->score = json_number(r->json, "currentScore", -1);
		one->max_score = json_number(r->json, "maxScore", -1);
		one->checked_ms = time_of(r->json, "lastCheckedDateTime");
	}
	str_release(&path);
	return r ? READ_DONE : READ_AGAIN;
}

void ports_not_probed(struct facts *f)
{
	source_set(f, AREA_PORTS, SOURCE_SKIPPED, "the ports matter on the Entra Connect server, "
		   "where nobody tested them");
}

/* Probes are put into f->ports by whoever ran them; nothing is sent here. */
enum read_rc read_ports(struct facts *f, const struct wanted *w, struct io *io)
{
	(void)w;
	(void)io;
	if (f->ports.n)
		source_set(f, AREA_PORTS, SOURCE_READ, "%s", "");
	else
		ports_not_probed(f);
	return READ_DONE;
}
