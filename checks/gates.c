/* What the method names of the registration report are worth for a reset
 * (facts graph.md 5.4, 6.2 and 7.1). */
#include "checks/gates.h"

#include "checks/check.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

static const struct {
	const char *name;
	unsigned gate;
} gates[] = {
	{ "microsoftAuthenticatorPush", GATE_APP },
	{ "softwareOneTimePasscode", GATE_APP },
	{ "hardwareOneTimePasscode", GATE_APP },
	{ "mobilePhone", GATE_PHONE },
	{ "alternateMobilePhone", GATE_PHONE },
	{ "officePhone", GATE_PHONE },
	{ "email", GATE_EMAIL },
};

unsigned method_gate(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(gates); i++)
		if (str_same_nocase(name, gates[i].name))
			return gates[i].gate;
	return 0;
}

unsigned person_gates(const struct person *p)
{
	unsigned mask = 0;

	for (size_t i = 0; i < p->nmethods; i++)
		mask |= method_gate(p->methods[i]);
	return mask;
}

bool method_is_strong(const char *name)
{
	static const char *const strong[] = {
		"fido2SecurityKey", "windowsHelloForBusiness", "macOsSecureEnclaveKey",
	};

	for (size_t i = 0; i < COUNT_OF(strong); i++)
		if (str_same_nocase(name, strong[i]))
			return true;
	return name && str_find_nocase(name, "passKey") == name;
}

unsigned gates_count(unsigned mask)
{
	return !!(mask & GATE_APP) + !!(mask & GATE_PHONE) + !!(mask & GATE_EMAIL);
}

unsigned admin_gates_needed(const struct facts *f)
{
	return f->organization.custom_domain || facts_hybrid(f) != TRI_NO ? 2 : 1;
}

bool person_has_questions(const struct person *p)
{
	for (size_t i = 0; i < p->nmethods; i++)
		if (str_same_nocase(p->methods[i], "securityQuestion"))
			return true;
	return false;
}
