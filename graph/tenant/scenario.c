#include "graph/tenant/internal.h"

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/scenario_parts.h"

static const struct {
	const char *name;
	struct json *(*build)(void);
} scenarios[] = {
	{ "contoso", scenario_contoso },
	{ "cloud-only", scenario_cloud_only },
	{ "rolled-out", scenario_rolled_out },
	{ "troubled", scenario_troubled },
	{ "hostile-names", scenario_hostile_names },
	{ "large", scenario_large },
};

const char *const tenant_scenarios[] = {
	"contoso", "cloud-only", "rolled-out", "troubled", "hostile-names", "large", NULL,
};

struct json *scenario_build(const char *name, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(scenarios); i++)
		if (str_same(scenarios[i].name, name))
			return scenarios[i].build();
	err_set(err, ERR_INVALID, 0, "there is no scenario \"%s\"", name ? name : "");
	err_todo(err, "Choose contoso, cloud-only, rolled-out, troubled, hostile-names or large");
	return NULL;
}
