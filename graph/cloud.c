#include "graph/cloud.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/url.h"

#define CLOUD_FILE_MAX 65536

/* Source: facts graph.md 10.9; the admin centres of the sovereign clouds are
 * general knowledge there. The portal's API is known for the global cloud
 * only (facts portal-api.md 1). */
static const struct cloud clouds[] = {
	{
		.name = "global",
		.login = "https://login.microsoftonline.com",
		.graph = "https://graph.microsoft.com",
		.portal = "https://main.iam.ad.ext.azure.com",
		.admin_centre = "https://entra.microsoft.com",
		.has_methods_policy = true,
		.has_audit = true,
	},
	{
		.name = "usgov",
		.login = "https://login.microsoftonline.us",
		.graph = "https://graph.microsoft.us",
		.portal = "",
		.admin_centre = "https://entra.microsoft.us",
		.has_methods_policy = true,
		.has_audit = true,
	},
	{
		.name = "dod",
		.login = "https://login.microsoftonline.us",
		.graph = "https://dod-graph.microsoft.us",
		.portal = "",
		.admin_centre = "https://entra.microsoft.us",
		.has_methods_policy = true,
		.has_audit = true,
	},
	{
		.name = "china",
		.login = "https://login.chinacloudapi.cn",
		.graph = "https://microsoftgraph.chinacloudapi.cn",
		.portal = "",
		.admin_centre = "https://entra.microsoftonline.cn",
		.has_methods_policy = false,
		.has_audit = false,
	},
};

int cloud_by_name(const char *name, struct cloud *ret, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(clouds); i++) {
		if (str_same(clouds[i].name, name)) {
			*ret = clouds[i];
			return 0;
		}
	}
	err_set(err, ERR_INVALID, 0, "there is no cloud \"%s\"", name);
	return err_todo(err, "Use global, usgov, dod or china, or --cloud-file FILE.");
}

/* One base URL of a cloud file, without a final slash. */
static int take_url(const struct json *j, const char *key, const char *path,
		    char **ret, struct err *err)
{
	const char *text = json_string(j, key);
	size_t len;

	if (!text) {
		err_set(err, ERR_INVALID, 0, "%s: \"%s\" is missing", path, key);
		return err_todo(err, "A cloud file is JSON with the base URLs login, graph and portal.");
	}
	if (!str_starts(text, "https://") && !(str_starts(text, "http://") && url_is_loopback(text))) {
		err_set(err, ERR_INVALID, 0, "%s: \"%s\" must be https (http on loopback only)",
			path, key);
		return err_todo(err, "Tokens are never sent over plain http to another machine.");
	}
	/* A path is a base too; a user, a query or a fragment is a mistake, and so is
	 * one without a host: libcurl would take the path for it. */
	if (strpbrk(text, "@?# \\") || !strcspn(strchr(text, '/') + 2, "/:")) {
		err_set(err, ERR_INVALID, 0, "%s: \"%s\" is not a base URL", path, key);
		return err_todo(err, "Write it like https://graph.microsoft.com.");
	}
	len = strlen(text);
	while (len && text[len - 1] == '/')
		len--;
	*ret = xstrndup(text, len);
	return 0;
}

int cloud_from_file(const char *path, struct cloud *ret, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	CLEANUP(json_free_ptr) struct json *j = NULL;
	struct cloud c = clouds[0];

	if (file_read(path, CLOUD_FILE_MAX, &text, err) < 0)
		return -1;
	j = json_parse(str_text(&text), text.len, err);
	if (!j)
		return err_wrap(err, "%s", path);
	c.name = "file";
	if (take_url(j, "login", path, &c.owned[0], err) < 0 ||
	    take_url(j, "graph", path, &c.owned[1], err) < 0 ||
	    (json_has(j, "portal") && take_url(j, "portal", path, &c.owned[2], err) < 0)) {
		cloud_release(&c);
		return -1;
	}
	c.login = c.owned[0];
	c.graph = c.owned[1];
	c.portal = c.owned[2] ? c.owned[2] : "";
	*ret = c;
	return 0;
}

void cloud_release(struct cloud *c)
{
	for (size_t i = 0; i < COUNT_OF(c->owned); i++)
		free_ptr(&c->owned[i]);
}
