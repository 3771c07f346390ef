#include "graph/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <string.h>

#include "graph/base/mem.h"

void url_encode(struct str *out, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || strchr("-._~", *p)) {
			str_add_char(out, (char)*p);
		} else {
			char code[3] = { '%', hex[*p >> 4], hex[*p & 15] };

			str_add_bytes(out, code, sizeof(code));
		}
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *url_decode(const char *p, size_t n, bool plus)
{
	struct str s = { 0 };

	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)p[i];

		if (c == '%') {
			int high = i + 2 < n ? hex_digit(p[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(p[i + 2]) : -1;

			if (low < 0 || (high == 0 && low == 0)) {
				str_release(&s);
				return NULL;
			}
			c = high * 16 + low;
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		str_add_char(&s, (char)c);
	}
	return s.buf ? str_detach(&s) : xstrdup("");
}

void url_odata_string(struct str *out, const char *text)
{
	str_add(out, "%27");
	for (const char *p = text; *p; p++) {
		char one[2] = { *p, 0 };

		if (*p == '\'')
			str_add(out, "%27%27");
		else
			url_encode(out, one);
	}
	str_add(out, "%27");
}

/* One part of a parsed URL, compared without case. */
static bool same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
	char *x = NULL, *y = NULL;
	bool same;

	same = curl_url_get(a, part, &x, flags) == CURLUE_OK &&
	       curl_url_get(b, part, &y, flags) == CURLUE_OK && str_same_nocase(x, y);
	curl_free(x);
	curl_free(y);
	return same;
}

/* Under /v1.0/ or /beta/, after the path that the base itself has. */
static bool path_allowed(CURLU *u, CURLU *b)
{
	char *path = NULL, *base = NULL;
	bool good = false;

	if (curl_url_get(u, CURLUPART_PATH, &path, 0) == CURLUE_OK &&
	    curl_url_get(b, CURLUPART_PATH, &base, 0) == CURLUE_OK) {
		size_t n = strlen(base);

		while (n && base[n - 1] == '/')
			n--;
		good = strncmp(path, base, n) == 0 &&
		       (str_starts(path + n, "/v1.0/") || str_starts(path + n, "/beta/"));
	}
	curl_free(path);
	curl_free(base);
	return good;
}

bool url_allowed(const char *url, const char *base)
{
	CURLU *u = curl_url(), *b = curl_url();
	bool good;

	good = u && b &&
	       curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
	       curl_url_set(b, CURLUPART_URL, base, CURLU_DISALLOW_USER) == CURLUE_OK &&
	       same_part(u, b, CURLUPART_SCHEME, 0) && same_part(u, b, CURLUPART_HOST, 0) &&
	       same_part(u, b, CURLUPART_PORT, CURLU_DEFAULT_PORT) && path_allowed(u, b);
	curl_url_cleanup(u);
	curl_url_cleanup(b);
	return good;
}

/* The host of a URL without a user part, as libcurl would connect to it; NULL when
 * there is none. For curl_free(). */
static char *host_of(const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL;

	if (u && curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK)
		curl_url_get(u, CURLUPART_HOST, &host, 0);
	curl_url_cleanup(u);
	return host;
}

/* An IPv4 address whose digits begin with these. */
static bool is_in(const char *host, const char *network)
{
	struct in_addr v4;

	return str_starts(host, network) && inet_pton(AF_INET, host, &v4) == 1;
}

bool url_is_loopback(const char *url)
{
	char *host = host_of(url);
	bool good = host && (str_same_nocase(host, "localhost") || str_same(host, "[::1]") ||
			     is_in(host, "127."));

	curl_free(host);
	return good;
}

bool url_is_link_local(const char *url)
{
	char *host = host_of(url);
	bool good = host && is_in(host, "169.254.");

	curl_free(host);
	return good;
}
