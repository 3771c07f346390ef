#include "graph/base/digest.h"

#include <openssl/evp.h>

#include "graph/base/mem.h"

const char *sha256_hex(const void *bytes, size_t n, char out[SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_Digest(bytes, n, digest, &len, EVP_sha256(), NULL) != 1 || len != 32)
		die("OpenSSL has no SHA-256");
	for (unsigned i = 0; i < len; i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[2 * len] = '\0';
	return out;
}
