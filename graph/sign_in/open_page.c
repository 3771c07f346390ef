#include "graph/sign_in/open_page.h"

#include <stdlib.h>

#include "graph/base/mem.h"
#include "graph/sign_in/child.h"
#include "graph/sign_in/choice.h"

bool page_open(const char *url)
{
#ifdef __APPLE__
	static const char *const programs[] = { "open" };
#else
	static const char *const programs[] = { "xdg-open", "x-www-browser", "wslview" };
#endif
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		char *path = child_find(programs[i]);
		const char *const argv[] = { programs[i], url, NULL };
		bool started = path && child_start_detached(path, argv);

		free(path);
		if (started)
			return true;
	}
	return false;
}

const char *page_why_not(void)
{
	struct sign_in_environment e;

	sign_in_environment_read(&e);
	/* A display that came along by ssh is the person's own. */
	if (e.ssh && !getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY"))
		return "You are connected by ssh without a display: a browser here would not be "
		       "yours. c copies the link";
	if (!e.display)
		return "No browser can be opened here (DISPLAY and WAYLAND_DISPLAY are not set). "
		       "c copies the link";
	return NULL;
}
