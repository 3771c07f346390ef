/* Writing the sign-in into a profile that people edit: every other line stays. */
#include <errno.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "steps/profile.h"

#define FILE_MAX 65536

/* Whether the line sets that key. */
static bool sets(const char *line, size_t len, const char *key)
{
	size_t n = strlen(key), i = 0;

	while (i < len && (line[i] == ' ' || line[i] == '\t'))
		i++;
	if (len - i < n || strncmp(line + i, key, n) != 0)
		return false;
	for (i += n; i < len && (line[i] == ' ' || line[i] == '\t'); i++)
		;
	return i < len && (line[i] == '=' || line[i] == ':');
}

static void add_sign_in(struct str *out, const char *tenant, const char *client_id)
{
	str_addf(out, "tenant = %s\nclient-id = %s\n", tenant, client_id);
}

/* The keys go right below the head of their section; older ones go. */
static void edit(const char *text, const char *tenant, const char *client_id, struct str *out)
{
	bool inside = false, done = false;

	while (*text) {
		size_t n = strcspn(text, "\n"), whole = n + (text[n] == '\n');

		if (*text == '[') {
			inside = str_starts(text, "[tenant]");
			str_add_bytes(out, text, n);
			str_add_char(out, '\n');
			if (inside && !done) {
				add_sign_in(out, tenant, client_id);
				done = true;
			}
		} else if (!inside || (!sets(text, n, "tenant") && !sets(text, n, "client-id"))) {
			str_add_bytes(out, text, whole);
		}
		text += whole;
	}
	if (done)
		return;
	if (out->len && str_text(out)[out->len - 1] != '\n')
		str_add_char(out, '\n');
	str_add(out, "[tenant]\n");
	add_sign_in(out, tenant, client_id);
}

int profile_path(const char *name, struct str *out, struct err *err)
{
	if (file_config_dir(out, err) < 0)
		return -1;
	str_addf(out, "/%s.conf", name ? name : "default");
	return 0;
}

int profile_save_sign_in(const char *name, const char *tenant, const char *client_id,
			 struct err *err)
{
	CLEANUP(str_release) struct str path = { 0 }, dir = { 0 }, text = { 0 }, out = { 0 };

	if (profile_path(name, &path, err) < 0 || file_config_dir(&dir, err) < 0 ||
	    file_make_dir(str_text(&dir), err) < 0)
		return -1;
	if (file_read(str_text(&path), FILE_MAX, &text, err) < 0) {
		if (err->code != ENOENT)
			return err_wrap(err, "the profile");
		memset(err, 0, sizeof(*err));
	}
	edit(str_text(&text), tenant, client_id, &out);
	return file_write(str_text(&path), str_text(&out), out.len, err);
}
