/* What the simulated tenant's network answers to a probe: all is well, but in the
 * troubled one a firewall and a proxy that inspects stand in the way. */
#include "graph/tenant/internal.h"

#include "graph/base/str.h"

#define RTT_MS 24

static bool troubled(const struct tenant *t)
{
	return str_same(json_string(tenant_state(t), "scenario"), "troubled");
}

void tenant_probe(const struct probe_target *target, struct probe_result *ret, void *ctx)
{
	const struct tenant *t = ctx;
	bool relay = str_find_nocase(target->host, ".servicebus.") != NULL;

	ret->answered = true;
	ret->took_ms = RTT_MS;
	if (target->kind == PROBE_HTTP)
		ret->status = relay ? 401 : 200;
	if (target->port == 443) {
		ret->issuer = relay ? "C=US, O=Microsoft Corporation, CN=Microsoft TLS G2 RSA CA OCSP 02"
				    : "C=US, O=DigiCert Inc, CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1";
		ret->trusted = true;
	}
	if (!troubled(t))
		return;
	if (target->inside && target->port == 445) {
		ret->answered = false;
		ret->problem = "nothing came in time";
	} else if (str_starts(target->host, "passwordreset.")) {
		ret->issuer = "O=Contoso Ltd, CN=Contoso Web Gateway";
		ret->trusted = false;
	} else if (str_starts(target->host, "ssprdedicatedsbprodfra-1.")) {
		ret->answered = false;
		ret->status = 0;
		ret->issuer = NULL;
		ret->problem = "refused";
	}
}
