#include "graph/tenant/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/tenant/people.h"

/* The number stands in the last twelve digits, so that an id is found again
 * without a search. */
#define ID_FORM "5e11a9e0-7c4d-4b0e-9f21-%012zx"
#define ID_PREFIX "5e11a9e0-7c4d-4b0e-9f21-"
#define UPN_DIGITS 7

static const char *const given_names[] = {
	"Ada", "Bela", "Carmen", "Dario", "Emre", "Fatou", "Goran", "Hana", "Ines", "Jonas",
	"Kofi", "Leila", "Marek", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Tala",
	"Umar", "Vera", "Wanda", "Xenia", "Yusuf", "Zoe",
};
static const char *const surnames[] = {
	"Lund", "Okafor", "Moreau", "Novak", "Haas", "Ferrari", "Sato", "Kaya", "Silva", "Berg",
	"Dubois", "Ivanova", "Khan", "Larsen", "Mendes", "Nowak", "Olsen", "Popov", "Rossi",
	"Schmidt", "Tanaka", "Ueda", "Vargas", "Weber", "Young",
};

static uint32_t scatter(size_t i, uint32_t label)
{
	uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15u + label;

	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9u;
	return (uint32_t)(x >> 32);
}

bool crowd_enabled(size_t i)
{
	return scatter(i, 4) % 100 != 0;
}

/* Of a hundred: 52 app and phone, 14 app, 12 phone, 6 all three, 16 none. */
unsigned crowd_methods(size_t i)
{
	uint32_t lot = scatter(i, 3) % 100;

	if (lot < 52)
		return APP | PHONE;
	if (lot < 66)
		return METHOD_BIT(HAS_PUSH);
	if (lot < 78)
		return PHONE;
	return lot < 84 ? APP | PHONE | EMAIL : 0;
}

void crowd_person(size_t i, struct crowd_person *out)
{
	const char *given = given_names[scatter(i, 1) % COUNT_OF(given_names)];
	const char *surname = surnames[scatter(i, 2) % COUNT_OF(surnames)];
	size_t len;

	snprintf(out->id, sizeof(out->id), ID_FORM, i);
	snprintf(out->display_name, sizeof(out->display_name), "%s %s", given, surname);
	snprintf(out->alias, sizeof(out->alias), "%s.%s.%0*zu", given, surname, UPN_DIGITS, i);
	len = strlen(out->alias);
	for (size_t k = 0; k < len; k++)
		if (out->alias[k] >= 'A' && out->alias[k] <= 'Z')
			out->alias[k] += 'a' - 'A';
	out->enabled = crowd_enabled(i);
	out->licensed = scatter(i, 5) % 100 >= 3;
	out->methods = crowd_methods(i);
}

bool crowd_find(size_t n, const char *id, size_t *ret_i)
{
	size_t len = strlen(ID_PREFIX);
	unsigned long long i;
	char *end;

	if (!str_find_nocase(id, ID_PREFIX) || strlen(id) != CROWD_ID_TEXT - 1)
		return false;
	i = strtoull(id + len, &end, 16);
	if (*end || i >= n)
		return false;
	*ret_i = (size_t)i;
	return true;
}

bool crowd_find_upn(size_t n, const char *upn, const char *domain, size_t *ret_i)
{
	const char *at = strchr(upn, '@'), *digits;
	struct crowd_person p = { 0 };
	unsigned long long i;
	char *alias;
	bool same;

	if (!at || !str_same_nocase(at + 1, domain) || at - upn < UPN_DIGITS)
		return false;
	for (digits = at; digits > upn && digits[-1] >= '0' && digits[-1] <= '9'; digits--)
		;
	if (at - digits < UPN_DIGITS || at - digits > 18)
		return false;
	i = strtoull(digits, NULL, 10);
	if (i >= n)
		return false;
	crowd_person((size_t)i, &p);
	alias = xstrndup(upn, (size_t)(at - upn));
	same = str_same_nocase(alias, p.alias);
	free_ptr(&alias);
	if (same)
		*ret_i = (size_t)i;
	return same;
}

struct json *crowd_user(size_t i, const char *domain, int64_t now_ms)
{
	struct crowd_person p = { 0 };
	struct person_spec spec = { .title = "Associate", .department = "Operations" };
	struct json *u;

	crowd_person(i, &p);
	spec.alias = p.alias;
	spec.name = p.display_name;
	spec.licence = p.licensed ? LICENCE_E3 : LICENCE_NONE;
	spec.methods = p.methods;
	spec.flags = PERSON_SYNCED | (p.enabled ? 0 : PERSON_DISABLED);
	u = person_new(&spec, (uint32_t)i, domain, now_ms);
	json_set_string(u, "id", p.id);
	return u;
}
