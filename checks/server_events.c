#include "checks/server_events.h"

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define RESET_FAILED "Look at the event 33xxx beside it: a policy of the domain, a missing right " \
	"of the connector account, or a protected person."
#define AGAIN "Disable password writeback in the Entra Connect wizard and enable it again."

#define RESET(number, called, how, ...) \
	{ .source = SOURCE_PASSWORD_RESET, .id = (number), .name = (called), .sign = (how), __VA_ARGS__ }
#define SYNC(number, how, ...) \
	{ .source = SOURCE_ADSYNC, .id = (number), .name = "", .sign = (how), __VA_ARGS__ }

/* Facts on-premises.md 2.4, by id. */
const struct server_event server_events[] = {
	RESET(31001, "PasswordResetStart", SIGN_NEUTRAL,
	      .meaning = "A person's reset arrived.", .remedy = ""),
	RESET(31002, "PasswordResetSuccess", SIGN_WELL,
	      .meaning = "A person's reset was written back.", .remedy = ""),
	RESET(31003, "PasswordResetFail", SIGN_ONCE,
	      .meaning = "A person's reset was not written back.", .remedy = RESET_FAILED),
	RESET(31004, "OnboardingEventStart", SIGN_NEUTRAL,
	      .meaning = "Writeback is being enabled.", .remedy = ""),
	RESET(31005, "OnboardingEventSuccess", SIGN_WELL,
	      .meaning = "Writeback was enabled and is ready.", .remedy = ""),
	RESET(31006, "ChangePasswordStart", SIGN_NEUTRAL,
	      .meaning = "A person's password change arrived.", .remedy = ""),
	RESET(31007, "ChangePasswordSuccess", SIGN_WELL,
	      .meaning = "A person's password change was written back.", .remedy = ""),
	RESET(31008, "ChangePasswordFail", SIGN_ONCE,
	      .meaning = "A person's password change was not written back.",
	      .remedy = RESET_FAILED),
	RESET(31009, "ResetUserPasswordByAdminStart", SIGN_NEUTRAL,
	      .meaning = "An administrator's reset of a person arrived.", .remedy = ""),
	RESET(31010, "ResetUserPasswordByAdminSuccess", SIGN_WELL,
	      .meaning = "An administrator's reset was written back.", .remedy = ""),
	RESET(31011, "ResetUserPasswordByAdminFail", SIGN_ONCE,
	      .meaning = "An administrator's reset was not written back.",
	      .remedy = RESET_FAILED),
	RESET(31012, "OffboardingEventStart", SIGN_NEUTRAL,
	      .meaning = "Writeback is being disabled.", .remedy = ""),
	RESET(31013, "OffboardingEventSuccess", SIGN_NEUTRAL,
	      .meaning = "Writeback was disabled; if nothing newer enabled it, it is off.",
	      .remedy = "Enable password writeback in the Entra Connect wizard."),
	RESET(31014, "OffboardingEventFail", SIGN_BROKEN,
	      .meaning = "Writeback could not be disabled.",
	      .remedy = "Use an administrator of the cloud who is not federated and holds the "
			"role directly."),
	RESET(31015, "WriteBackServiceStarted", SIGN_WELL,
	      .meaning = "The writeback service started.", .remedy = ""),
	RESET(31016, "WriteBackServiceStopped", SIGN_NEUTRAL,
	      .meaning = "The writeback service stopped; if it did not start again, nothing is "
			 "written back.",
	      .remedy = "Restart-Service ADSync"),
	RESET(31017, "AuthTokenSuccess", SIGN_WELL,
	      .meaning = "The server got its token to enable or disable writeback.",
	      .remedy = ""),
	RESET(31018, "KeyPairCreationSuccess", SIGN_WELL,
	      .meaning = "A new key for the passwords was made; it changes each six months.",
	      .remedy = ""),
	RESET(31019, "ServiceBusHeartBeat", SIGN_WELL,
	      .meaning = "The relay answers the server; this comes about every five minutes.",
	      .remedy = ""),
	RESET(31034, "ServiceBusListenerError", SIGN_BROKEN,
	      .meaning = "The server cannot listen at the relay.",
	      .remedy = "Allow port 443 outbound to the relay, without inspection of TLS."),
	RESET(31044, "PasswordResetService", SIGN_BROKEN,
	      .meaning = "Writeback is not healthy: no host for the relay's endpoints runs.",
	      .remedy = "Check the network to the relay and the server's clock, then "
			"Restart-Service ADSync; if it stays, disable writeback and enable it "
			"again."),
	RESET(32000, "UnknownError", SIGN_BROKEN,
	      .meaning = "An error that the service has no name for.",
	      .remedy = "Read the exception in the event. " AGAIN),
	RESET(32001, "ServiceError", SIGN_BROKEN,
	      .meaning = "The password reset service in the cloud cannot be reached.",
	      .remedy = "Allow port 443 to *.passwordreset.microsoftonline.com (in another "
			"cloud: its own name) and check the server's clock."),
	RESET(32002, "ServiceBusError", SIGN_BROKEN,
	      .meaning = "The relay gave the server no security token.",
	      .remedy = "Allow port 443 to the relay, then restart the server."),
	RESET(32003, "InPutValidationError", SIGN_ONCE,
	      .meaning = "A request came with values that are not valid.",
	      .remedy = "Try once more."),
	RESET(32004, "DecryptionError", SIGN_BROKEN,
	      .meaning = "A password could not be decrypted: the keys of server and cloud differ.",
	      .remedy = AGAIN),
	RESET(32005, "ConfigurationError", SIGN_BROKEN,
	      .meaning = "The tenant's settings on the server cannot be read.",
	      .remedy = AGAIN),
	RESET(32007, "OnBoardingConfigUpdateError", SIGN_BROKEN,
	      .meaning = "The settings could not be changed while writeback was enabled.",
	      .remedy = AGAIN),
	RESET(32008, "ValidationError", SIGN_BROKEN,
	      .meaning = "The service in the cloud gave an answer that is not valid.",
	      .remedy = AGAIN),
	RESET(32009, "AuthTokenError", SIGN_BROKEN,
	      .meaning = "The administrator who enabled writeback could not sign in: a wrong "
			 "password, or a federated account.",
	      .remedy = "Enable it with an administrator of the cloud who is not federated."),
	RESET(32010, "CryptoError", SIGN_BROKEN,
	      .meaning = "A key could not be made or used.",
	      .remedy = "Read the detail in the event. " AGAIN),
	RESET(32011, "OnBoardingServiceError", SIGN_BROKEN,
	      .meaning = "The service in the cloud could not be reached to enable writeback.",
	      .remedy = "Allow port 443 outbound and check the administrator's sign-in."),
	RESET(32013, "OffBoardingError", SIGN_BROKEN,
	      .meaning = "The service in the cloud could not be reached to disable writeback.",
	      .remedy = "Allow port 443 outbound and check the administrator's sign-in."),
	RESET(32014, "ServiceBusWarning", SIGN_NEUTRAL,
	      .meaning = "A call to the relay was tried again.",
	      .remedy = "Look at the network only when this is frequent."),
	RESET(32015, "ReportServiceHealthError", SIGN_BROKEN,
	      .meaning = "The server could not report its health to the cloud.",
	      .remedy = "Check the network to the cloud: port 443 outbound."),
	RESET(33001, "ADUnKnownError", SIGN_ONCE,
	      .meaning = "Active Directory refused for a reason that has no name; reserved "
			 "characters in the name of an organizational unit do this too.",
	      .remedy = "Read the events of ADSync of the same minute; rename the "
			"organizational unit if its name holds , + \" \\ < > ; = / or #."),
	RESET(33002, "ADUserNotFoundError", SIGN_ONCE,
	      .meaning = "The person was not found in Active Directory.",
	      .remedy = "Check that the person is in the scope of the synchronisation."),
	RESET(33003, "ADMutliMatchError", SIGN_ONCE,
	      .meaning = "Two objects of Active Directory have the same anchor.",
	      .remedy = "Remove the duplicate."),
	RESET(33004, "ADPermissionsError", SIGN_ONCE,
	      .meaning = "The connector account may not do it on this person: a right is missing, "
			 "or the person is protected (adminCount is 1).",
	      .remedy = "Give the rights with Set-ADSyncPasswordWritebackPermissions; a protected "
			"person cannot be reset through writeback."),
	RESET(33005, "ADUserAccountDisabled", SIGN_ONCE,
	      .meaning = "The person's account is disabled in Active Directory.",
	      .remedy = "Enable the account."),
	RESET(33006, "ADUserAccountLockedOut", SIGN_ONCE,
	      .meaning = "The person's account is locked in Active Directory.",
	      .remedy = "Unlock the account."),
	RESET(33007, "ADUserIncorrectPassword", SIGN_ONCE,
	      .meaning = "The person typed a wrong current password.",
	      .remedy = "Try once more."),
	RESET(33008, "ADPasswordPolicyError", SIGN_ONCE,
	      .meaning = "The new password does not keep the domain's policy: age, history, "
			 "length, complexity, or a filter.",
	      .remedy = "Set the minimum password age to 0 days; choose another password. Event "
			"4724, a failure, in the domain controller's Security log shows that it "
			"was the controller that refused."),
	RESET(33009, "ADConfigurationError", SIGN_ONCE,
	      .meaning = "Something in the setup of Active Directory keeps the password out.",
	      .remedy = "Read the events of ADSync of the same minute."),
	SYNC(1011, SIGN_NEUTRAL,
	     .meaning = "The certificate that the server signs in with ends soon.",
	     .remedy = "Renew it in the Entra Connect wizard; it renews itself only while the "
		       "scheduler is not suspended."),
	SYNC(1012, SIGN_BROKEN,
	     .meaning = "The certificate that the server signs in with has expired.",
	     .remedy = "Renew it in the Entra Connect wizard."),
	SYNC(1014, SIGN_NEUTRAL,
	     .meaning = "The server has no TPM to keep its certificate's key in.", .remedy = ""),
	SYNC(6306, SIGN_BROKEN,
	     .meaning = "The synchronisation service met an error while it served a caller.",
	     .remedy = "Check the server's clock: with 6800, 32001 and 31044 it is usually wrong."),
	SYNC(6329, SIGN_ONCE,
	     .meaning = "Active Directory refused the new password, or did not tell of the person.",
	     .remedy = "Read the message: it names the policy, the missing control or the "
		       "denied access."),
	SYNC(6800, SIGN_BROKEN,
	     .meaning = "The endpoint of writeback did not start with the service.",
	     .remedy = "Check network and clock, then Restart-Service ADSync."),
	SYNC(656, SIGN_NEUTRAL,
	     .meaning = "Password hash synchronisation asked for a change.", .remedy = ""),
	SYNC(657, SIGN_NEUTRAL,
	     .meaning = "Password hash synchronisation carried changes.", .remedy = ""),
};
const size_t nserver_events = COUNT_OF(server_events);

const struct server_event *server_event_find(const char *source, int id)
{
	for (size_t i = 0; i < nserver_events; i++)
		if (server_events[i].id == id && str_same_nocase(server_events[i].source, source))
			return &server_events[i];
	return NULL;
}

const char *server_event_hint(const char *message)
{
	static const struct {
		const char *text, *hint;
	} hints[] = {
		{ "remote certificate is invalid",
		  "The relay's certificate is not trusted: install the root certificates, and "
		  "take the relay out of TLS inspection." },
		{ "ERROR_ACCESS_DENIED",
		  "RestrictRemoteSam keeps the connector account from asking for the person: "
		  "give it Remote Access there, or delete the value." },
		{ "LDAP password policy control",
		  "The domain controller does not offer the control for password policy: use one "
		  "of Windows Server 2016 or later." },
		{ "0x8023061f",
		  "The forest was added after writeback was enabled: disable writeback and "
		  "enable it again." },
		{ "0x80230619",
		  "The domain's policy forbids this change, or the person may not change the "
		  "password." },
		{ "80230402", "Two objects have the same anchor: remove the duplicate." },
		{ "800700CE", "The password of the connector account is longer than 256 characters: "
			      "give it a shorter one." },
		{ "8023062C", "Turn on Sign and Encrypt LDAP Traffic for the connector." },
		{ "unable to provide a security token",
		  "The relay's token service does not answer: allow port 443 to it." },
	};

	for (size_t i = 0; message && i < COUNT_OF(hints); i++)
		if (str_find_nocase(message, hints[i].text))
			return hints[i].hint;
	return NULL;
}
