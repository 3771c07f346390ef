#include "graph/tenant/scenario_parts.h"

/* Contoso with a crowd (crowd.h); how large it is, tenant_new() decides. */
struct json *scenario_large(void)
{
	struct scenario s;

	scenario_contoso_base(&s, "large", 6);
	scenario_contoso_life(&s);
	json_set_number(s.state, "users_total", 10000);
	return scenario_finish(&s, 4 * HOUR_MS);
}
