/*
 * A CONNECT proxy on the loopback address for tests: it carries the names of
 * Microsoft's global cloud to a server on this machine, so that the program
 * can be run with the real names and no cloud file. Any other name is refused
 * with 403. One process for each connection; ends when its input is closed.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_MS 60000

struct options {
	unsigned to;			/* the port that the names lead to */
	const char *credentials;	/* base64 of user:password, NULL = open to all */
	bool reset;			/* agrees, then resets the connection */
};

static const char *const known_names[] = {
	"graph.microsoft.com:443",
	"login.microsoftonline.com:443",
};

static struct sockaddr_in loopback(unsigned port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static bool send_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, bytes, n, 0);

		if (sent <= 0)
			return false;
		bytes += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* Reads up to the empty line. The client sends nothing more before our answer. */
static bool read_head(int fd, char *head, size_t size)
{
	size_t n = 0;

	do {
		ssize_t got = recv(fd, head + n, size - 1 - n, 0);

		if (got <= 0)
			return false;
		n += (size_t)got;
		head[n] = '\0';
	} while (!strstr(head, "\r\n\r\n") && n < size - 1);
	return strstr(head, "\r\n\r\n") != NULL;
}

static bool is_known(const char *target)
{
	for (size_t i = 0; i < sizeof(known_names) / sizeof(*known_names); i++)
		if (!strcmp(known_names[i], target))
			return true;
	return false;
}

static bool may_pass(const struct options *o, const char *head)
{
	char line[256];

	if (!o->credentials)
		return true;
	snprintf(line, sizeof(line), "\r\nProxy-Authorization: Basic %s\r\n", o->credentials);
	return strstr(head, line) != NULL;
}

/* Carries bytes both ways until one side is done. */
static void carry(int client, int server)
{
	struct pollfd fds[2] = { { .fd = client, .events = POLLIN },
				 { .fd = server, .events = POLLIN } };
	char bytes[16384];

	while (poll(fds, 2, IDLE_MS) > 0) {
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (!fds[i].revents)
				continue;
			n = recv(fds[i].fd, bytes, sizeof(bytes), 0);
			if (n <= 0 || !send_all(fds[!i].fd, bytes, (size_t)n))
				return;
		}
	}
}

static int refuse(int client, int status, const char *header)
{
	char answer[256];

	snprintf(answer, sizeof(answer), "HTTP/1.1 %d Refused\r\n%sContent-Length: 0\r\n"
		 "Connection: close\r\n\r\n", status, header);
	send_all(client, answer, strlen(answer));
	return status;
}

/* One connection; returns the status that was answered, 0 for none. */
static int serve(const struct options *o, int client, const char *head, const char *target)
{
	static const char agreed[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	struct sockaddr_in address = loopback(o->to);
	int server;

	if (!may_pass(o, head))
		return refuse(client, 407, "Proxy-Authenticate: Basic realm=\"test\"\r\n");
	if (!is_known(target))
		return refuse(client, 403, "");
	server = socket(AF_INET, SOCK_STREAM, 0);
	if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof(address)) < 0)
		return refuse(client, 502, "");
	send_all(client, agreed, sizeof(agreed) - 1);
	if (o->reset) {
		struct linger hard = { .l_onoff = 1 };
		char first;

		/* Not before the client speaks: closing with its bytes unread resets. */
		recv(client, &first, 1, 0);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	} else {
		carry(client, server);
	}
	close(server);
	return 200;
}

static void handle(const struct options *o, int client)
{
	char head[4096], target[256] = "";
	int status = 0;

	if (read_head(client, head, sizeof(head)) &&
	    sscanf(head, "CONNECT %255s HTTP/1.1", target) == 1)
		status = serve(o, client, head, target);
	close(client);
	/* One line in one write: several processes share this descriptor. */
	fprintf(stderr, "%d %s\n", status, target);
}

static int listen_on_loopback(void)
{
	struct sockaddr_in address = loopback(0);
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 32) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return -1;
	printf("port %u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int main(int argc, char **argv)
{
	static const struct option names[] = {
		{ "to", required_argument, NULL, 't' },
		{ "credentials", required_argument, NULL, 'c' },
		{ "reset", no_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { 0 };
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .events = POLLIN } };
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 't': o.to = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'c': o.credentials = optarg; break;
		case 'r': o.reset = true; break;
		default: return 2;
		}
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);	/* nobody waits for the children */
	fds[1].fd = listen_on_loopback();
	if (fds[1].fd < 0)
		return 1;
	while (poll(fds, 2, -1) > 0 && !fds[0].revents) {
		int client = fds[1].revents ? accept(fds[1].fd, NULL, NULL) : -1;

		if (client < 0)
			continue;
		if (fork() == 0) {
			close(fds[1].fd);
			handle(&o, client);
			_exit(0);
		}
		close(client);
	}
	return 0;
}
