#include "checks/server_facts.h"

#include <stdlib.h>
#include <string.h>

#include "checks/server_events.h"
#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define SKEW_MAX (10LL * 366 * 24 * 60 * 60)	/* seconds; more is no clock */

/* The value of a fact; NULL when it is missing, null or failed. */
static const struct json *value_of(const struct json *facts, const char *name)
{
	const struct json *value = json_get(json_get(facts, name), "value");

	return json_type(value) == JSON_NULL ? NULL : value;
}

/* The first of a list; a script may have unwrapped a list of one. */
static const struct json *first_of(const struct json *facts, const char *name)
{
	const struct json *value = value_of(facts, name);

	return json_is(value, JSON_ARRAY) ? json_first(value) : value;
}

static const struct json *next_of(const struct json *facts, const char *name,
				  const struct json *one)
{
	return json_is(value_of(facts, name), JSON_ARRAY) ? json_next(one) : NULL;
}

#define EACH_OF(facts, name, one) \
	for ((one) = first_of((facts), (name)); (one); (one) = next_of((facts), (name), (one)))

static const char *copy(struct arena *a, const struct json *object, const char *key)
{
	const char *text = json_string(object, key);

	return text && *text ? arena_strdup(a, text) : NULL;
}

static enum server_tri truth(const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);

	if (json_is(value, JSON_BOOL))
		return json_truth(value) ? SERVER_YES : SERVER_NO;
	if (str_same_nocase(json_text(value), "True"))
		return SERVER_YES;
	return str_same_nocase(json_text(value), "False") ? SERVER_NO : SERVER_UNKNOWN;
}

static int64_t moment(const struct json *object, const char *key)
{
	int64_t ms = 0;

	(void)!time_parse(json_string(object, key) ? json_string(object, key) : "", &ms);
	return ms;
}

static void read_settings(const struct json *facts, struct server_facts *s, struct arena *a)
{
	const struct json *one, *scheduler = value_of(facts, "scheduler");
	const struct json *clock = value_of(facts, "clock");
	const struct json *error = json_get(json_get(facts, "writeback"), "error");

	s->version = arena_strdup(a, json_text(value_of(facts, "version")));
	s->identity = arena_strdup(a, json_text(value_of(facts, "identity")));
	s->proxy = arena_strdup(a, json_text(value_of(facts, "proxy")));
	s->restrict_sam = arena_strdup(a, json_text(value_of(facts, "sam")));
	EACH_OF(facts, "services", one)
		if (str_same_nocase(json_string(one, "name"), "ADSync"))
			s->service_state = copy(a, one, "status");
	EACH_OF(facts, "connectors", one)
		if (str_same_nocase(json_string(one, "identifier"),
				    "b891884f-051e-4a83-95af-2544101c9083"))
			s->connector = copy(a, one, "name");
	s->staging = truth(scheduler, "StagingModeEnabled");
	s->sync_enabled = truth(scheduler, "SyncCycleEnabled");
	s->suspended = truth(scheduler, "SchedulerSuspended");
	s->maintenance = truth(scheduler, "MaintenanceEnabled");
	s->writeback = truth(value_of(facts, "writeback"), "Enabled");
	s->writeback_problem = arena_strdup(a, json_text(error));
	s->skew_known = json_is(json_get(clock, "skewSeconds"), JSON_NUMBER);
	s->skew_seconds = json_int(clock, "skewSeconds", 0);
	EACH_OF(facts, "controls", one) {
		const char *oid = json_text(one);

		if (s->policy_control == SERVER_UNKNOWN)
			s->policy_control = SERVER_NO;
		if (str_same(oid, "1.2.840.113556.1.4.2066") ||
		    str_same(oid, "1.2.840.113556.1.4.2239"))
			s->policy_control = SERVER_YES;
	}
}

/* Registry values as text; none is set explicitly in the usual case. */
static void read_tls(const struct json *facts, struct server_facts *s)
{
	const struct json *one;

	EACH_OF(facts, "tls", one) {
		const char *name = json_string(one, "name"), *value = json_string(one, "value");
		const char *key = json_string(one, "key");

		if (str_same(name, "Release") && value)
			s->dotnet_release = (int)strtol(value, NULL, 10);
		if (s->tls12_off == SERVER_UNKNOWN)
			s->tls12_off = s->weak_dotnet = SERVER_NO;
		if (key && str_ends(key, "Client") &&
		    ((str_same(name, "Enabled") && str_same(value, "0")) ||
		     (str_same(name, "DisabledByDefault") && value && !str_same(value, "0"))))
			s->tls12_off = SERVER_YES;
		if ((str_same(name, "SchUseStrongCrypto") ||
		     str_same(name, "SystemDefaultTlsVersions")) && str_same(value, "0"))
			s->weak_dotnet = SERVER_YES;
	}
}

static void read_events(const struct json *facts, struct server_facts *s, struct arena *a)
{
	const struct json *one;

	s->events_read = value_of(facts, "events") != NULL;
	EACH_OF(facts, "events", one) {
		const struct json *text = json_get(one, "messages");
		struct server_event_count *e;

		if (json_is(text, JSON_ARRAY))
			text = json_first(text);
		ARENA_GROW(a, s->events, s->nevents, s->events_cap);
		e = &s->events[s->nevents++];
		*e = (struct server_event_count){
			.source = copy(a, one, "source"), .id = (int)json_int(one, "id", 0),
			.count = json_int(one, "count", 0), .first_ms = moment(one, "first"),
			.last_ms = moment(one, "last"),
			.message = arena_strdup(a, json_text(text)),
		};
	}
}

static void read_probes(const struct json *facts, const char *name, struct server_facts *s,
			struct arena *a)
{
	const struct json *one;

	EACH_OF(facts, name, one) {
		struct server_probe *p;

		ARENA_GROW(a, s->probes, s->nprobes, s->probes_cap);
		p = &s->probes[s->nprobes++];
		*p = (struct server_probe){
			.host = copy(a, one, "host"), .purpose = copy(a, one, "purpose"),
			.issuer = copy(a, one, "issuer"), .problem = copy(a, one, "error"),
			.port = (int)json_int(one, "port", 0),
			.answered = json_bool(one, "answered", false),
			.own = json_bool(one, "own", false),
			.relay = str_same(name, "relay"),
			.controller = str_same(name, "controllers"),
			.status = (int)json_int(one, "status", 0),
			.sockets = (int)json_int(one, "sockets", -1),
		};
	}
}

static void read_accounts(const struct json *facts, struct server_facts *s, struct arena *a)
{
	const struct json *one, *group;

	EACH_OF(facts, "accounts", one) {
		struct server_account account = { .name = copy(a, one, "name"),
						  .sid = copy(a, one, "sid") };
		size_t cap = 0;

		if (!account.sid)
			continue;
		for (group = json_first(json_get(one, "groups")); group; group = json_next(group)) {
			if (!json_text(group))
				continue;
			ARENA_GROW(a, account.groups, account.ngroups, cap);
			account.groups[account.ngroups++] = arena_strdup(a, json_text(group));
		}
		ARENA_GROW(a, s->accounts, s->naccounts, s->accounts_cap);
		s->accounts[s->naccounts++] = account;
	}
}

static size_t count_held(const struct descriptor_answer *a)
{
	size_t n = 0;

	for (enum writeback_right r = 0; r < WRITEBACK_RIGHTS; r++)
		n += a->right[r].held;
	return n;
}

/* Judges for each connector account, and keeps the answer of the one that may
 * do most: which account serves which domain is not told. */
static bool read_rights(const struct json *one, const struct server_facts *s,
			enum descriptor_view view, struct descriptor_answer *ret,
			struct arena *a)
{
	const char *text = json_string(one, "descriptor");
	CLEANUP(str_release) struct str bytes = { 0 };
	bool known = false;

	if (!text || base64url_decode(&bytes, text, strlen(text)) < 0)
		return false;
	for (size_t i = 0; i < s->naccounts; i++) {
		const struct server_account *account = &s->accounts[i];
		size_t n = account->ngroups;
		const char **sids = arena_alloc(a, (n + 3) * sizeof(*sids));
		struct descriptor_answer answer;
		struct err err = ERR_INIT;

		for (size_t k = 0; k < n; k++)
			sids[k] = account->groups[k];
		sids[n] = account->sid;
		sids[n + 1] = SID_EVERYONE;
		sids[n + 2] = SID_AUTHENTICATED_USERS;
		if (descriptor_judge(bytes.buf, bytes.len, sids, n + 3, view, &answer, &err) < 0)
			return false;
		if (!known || count_held(&answer) > count_held(ret))
			*ret = answer;
		known = true;
	}
	return known;
}

static void read_domains(const struct json *facts, struct server_facts *s, struct arena *a)
{
	const struct json *one;

	EACH_OF(facts, "domains", one) {
		struct server_domain *d;

		ARENA_GROW(a, s->domains, s->ndomains, s->domains_cap);
		d = &s->domains[s->ndomains++];
		*d = (struct server_domain){
			.name = copy(a, one, "name"), .dn = copy(a, one, "distinguishedName"),
			.min_age_known = json_is(json_get(one, "minPwdAge"), JSON_NUMBER),
			.min_age_100ns = json_number(one, "minPwdAge", 0),
		};
		d->rights_known = read_rights(one, s, DESCRIPTOR_FOR_USERS_BELOW, &d->rights, a);
	}
}

/* Whether an OU of the name holds what writeback cannot take (facts
 * on-premises.md 2.4, 33001); such a character is escaped in the name. */
static bool name_is_reserved(const char *dn)
{
	const char *ou = dn ? str_find_nocase(dn, ",OU=") : NULL;

	for (; ou && *ou; ou++)
		if (*ou == '\\' || *ou == '/')
			return true;
	return false;
}

static void read_pilots(const struct json *facts, struct server_facts *s, struct arena *a)
{
	const struct json *one;

	EACH_OF(facts, "pilots", one) {
		struct server_pilot *p;

		ARENA_GROW(a, s->pilots, s->npilots, s->pilots_cap);
		p = &s->pilots[s->npilots++];
		*p = (struct server_pilot){
			.asked = copy(a, one, "asked"), .dn = copy(a, one, "distinguishedName"),
			.found = json_bool(one, "found", false),
			.protected_person = json_int(one, "adminCount", 0) == 1,
		};
		p->reserved_name = name_is_reserved(p->dn);
		p->rights_known = read_rights(one, s, DESCRIPTOR_OF_OBJECT, &p->rights, a);
	}
}

void server_facts_read(const struct json *document, struct server_facts *ret,
		       struct arena *arena)
{
	const struct json *facts = json_get(document, "facts");

	*ret = (struct server_facts){
		.present = true, .computer = copy(arena, document, "computer"),
		.nonce = copy(arena, document, "nonce"),
		.script_version = copy(arena, document, "scriptVersion"),
		.collected_ms = moment(document, "collectedAtUtc"),
		.days = json_int(document, "days", 0),
	};
	if (!ret->computer)
		ret->computer = "without a name";
	ret->where = arena_printf(arena, "server %s", ret->computer);
	read_settings(facts, ret, arena);
	read_tls(facts, ret);
	read_events(facts, ret, arena);
	read_probes(facts, "relay", ret, arena);
	read_probes(facts, "endpoints", ret, arena);
	read_probes(facts, "controllers", ret, arena);
	read_accounts(facts, ret, arena);
	read_domains(facts, ret, arena);
	read_pilots(facts, ret, arena);
	/* A clock that is wrong must not make the document look old. */
	ret->skew_known = ret->skew_known && ret->skew_seconds > -SKEW_MAX &&
			  ret->skew_seconds < SKEW_MAX;
	if (ret->skew_known)
		ret->collected_ms -= ret->skew_seconds * 1000;
}

bool server_facts_stand(const struct server_facts *s, int64_t now_ms)
{
	return s->present && now_ms - s->collected_ms < SERVER_LIFE_MS;
}

const struct server_event_count *server_events_of(const struct server_facts *s,
						  const char *source, int id)
{
	for (size_t i = 0; i < s->nevents; i++)
		if (s->events[i].id == id && str_same_nocase(s->events[i].source, source))
			return &s->events[i];
	return NULL;
}

int64_t server_event_last(const struct server_facts *s, int id)
{
	const struct server_event_count *e = server_events_of(s, SOURCE_PASSWORD_RESET, id);

	return e ? e->last_ms : 0;
}

bool server_issuer_known(const char *issuer)
{
	const char *at = issuer ? strstr(issuer, "O=") : NULL;

	for (; at; at = strstr(at + 1, "O=")) {
		/* Not the end of another attribute. */
		if (at != issuer && at[-1] != ' ' && at[-1] != ',')
			continue;
		at += 2;
		at += *at == '"';
		if (str_starts(at, "Microsoft Corporation") || str_starts(at, "DigiCert Inc") ||
		    str_starts(at, "DigiCert, Inc"))
			return true;
	}
	return false;
}
