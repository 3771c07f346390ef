#include "checks/endpoints.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Asked without a token for any path, a relay answers 401: that proves that it is
 * one, and that nothing stands between. */
#define RELAY_PATH "/00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000"

#define TLS(host, purpose) { { host, 443, PROBE_TLS, NULL, false }, purpose }
#define RELAY(host) { { host, 443, PROBE_HTTP, RELAY_PATH, false }, PURPOSE_RELAY }

/* The sign-in comes from the cloud itself. Relays by name are only some of those
 * that Microsoft uses; the tenant's own are named on the server alone. */
static const struct {
	const char *clouds;	/* names, each between spaces */
	struct endpoint endpoint;
} table[] = {
	{ " global ", TLS("passwordreset.microsoftonline.com", "password reset service") },
	{ " global ", TLS("adminwebservice.microsoftonline.com", "configuration") },
	{ " global ", RELAY("ssprdedicatedsbprodscu.servicebus.windows.net") },
	{ " global ", RELAY("ssprdedicatedsbprodncu.servicebus.windows.net") },
	{ " global ", RELAY("ssprdedicatedsbprodfra-1.servicebus.windows.net") },
	{ " global ", { { "mscrl.microsoft.com", 80, PROBE_HTTP, NULL, false },
			"revocation list" } },
	{ " usgov dod ", TLS("passwordreset.microsoftonline.us", "password reset service") },
	{ " china ", RELAY("ssprdedicatedsbmcprodcne.servicebus.chinacloudapi.cn") },
	{ " china ", RELAY("ssprdedicatedsbmcprodcnn.servicebus.chinacloudapi.cn") },
};

/* The last three are informational: 464 is not on Microsoft's list. */
static const int controller_ports[] = { 53, 88, 135, 389, 445, 636, 3268, 464 };

bool endpoint_optional(int port)
{
	return port == 636 || port == 3268 || port == 3269 || port == 464 || port == 9389 ||
	       port == 80;
}

bool endpoint_host_plain(const char *host)
{
	for (const char *c = host; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-.:_", *c))
			return false;
	return *host != '\0' && strlen(host) < 256;
}

/* "https://host:port/path" -> host and port. */
static struct endpoint sign_in_of(const char *url, struct arena *arena)
{
	const char *host = strstr(url, "://"), *port;
	struct endpoint e = TLS(NULL, "sign-in");
	size_t n;

	host = host ? host + 3 : url;
	n = strcspn(host, ":/");
	port = host + n;
	e.target.host = arena_strndup(arena, host, n);
	if (*port == ':')
		e.target.port = (int)strtol(port + 1, NULL, 10);
	return e;
}

size_t endpoints_of(const struct cloud *cloud, const char *controller,
		    struct endpoint ret[PROBES_MAX], struct arena *arena)
{
	const char *name = arena_printf(arena, " %s ", cloud->name);
	size_t n = 0;

	ret[n++] = sign_in_of(cloud->login, arena);
	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (strstr(table[i].clouds, name))
			ret[n++] = table[i].endpoint;
	for (size_t i = 0; controller && i < COUNT_OF(controller_ports); i++)
		ret[n++] = (struct endpoint){
			{ controller, controller_ports[i], PROBE_TCP, NULL, true },
			PURPOSE_CONTROLLER };
	return n;
}
