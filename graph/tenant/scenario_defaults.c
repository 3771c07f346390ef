#include "graph/tenant/scenario_defaults.h"

#define NOBODY "00000000-0000-0000-0000-000000000000"
#define EVERYBODY "'targetType':'group','id':'all_users','isRegistrationRequired':false"
#define TYPE(method) "'@odata.type':'#microsoft.graph." method "AuthenticationMethodConfiguration'"
#define FEATURE(state) \
	"{'state':'" state "','includeTarget':{'targetType':'group','id':'all_users'}," \
	"'excludeTarget':{'targetType':'group','id':'" NOBODY "'}}"

/* Facts graph.md 5.1: the shape and the defaults of a real tenant. */
const char default_methods_policy[] =
	"{'id':'authenticationMethodsPolicy','displayName':'Authentication Methods Policy',"
	"'description':'The tenant-wide policy that controls which authentication methods are "
	"allowed in the tenant, authentication method registration requirements, and "
	"self-service password reset settings',"
	"'lastModifiedDateTime':null,'policyVersion':'1.5',"
	"'policyMigrationState':'migrationInProgress','reconfirmationInDays':null,"
	/* These two, and companionAppAllowedState below, are shown by beta alone. */
	"'systemCredentialPreferences':{'state':'default','excludeTargets':[],"
	"'includeTargets':[{'id':'all_users','targetType':'group'}]},"
	"'reportSuspiciousActivitySettings':{'state':'default','voiceReportingCode':0,"
	"'includeTarget':{'id':'all_users','targetType':'group'}},"
	"'registrationEnforcement':{'authenticationMethodsRegistrationCampaign':{"
	"'snoozeDurationInDays':1,'state':'default','excludeTargets':[],"
	"'includeTargets':[{'id':'all_users','targetType':'group',"
	"'targetedAuthenticationMethod':'microsoftAuthenticator'}]}},"
	"'authenticationMethodConfigurations':["
	"{" TYPE("fido2") ",'id':'Fido2','state':'enabled',"
	"'isSelfServiceRegistrationAllowed':true,'isAttestationEnforced':true,"
	"'keyRestrictions':{'isEnforced':false,'enforcementType':'block','aaGuids':[]},"
	"'defaultPasskeyProfile':null,'passkeyProfiles':[],'excludeTargets':[],"
	"'includeTargets':[{" EVERYBODY ",'allowedPasskeyProfiles':[]}]},"
	"{" TYPE("microsoftAuthenticator") ",'id':'MicrosoftAuthenticator','state':'enabled',"
	"'isSoftwareOathEnabled':false,'excludeTargets':[],"
	"'featureSettings':{'displayAppInformationRequiredState':" FEATURE("enabled") ","
	"'displayLocationInformationRequiredState':" FEATURE("default") ","
	"'companionAppAllowedState':" FEATURE("default") "},"
	"'includeTargets':[{" EVERYBODY ",'authenticationMode':'any'}]},"
	"{" TYPE("sms") ",'id':'Sms','state':'disabled','excludeTargets':[],"
	"'includeTargets':[{" EVERYBODY ",'isUsableForSignIn':true}]},"
	"{" TYPE("temporaryAccessPass") ",'id':'TemporaryAccessPass','state':'enabled',"
	"'defaultLifetimeInMinutes':60,'defaultLength':8,'minimumLifetimeInMinutes':10,"
	"'maximumLifetimeInMinutes':120,'isUsableOnce':true,'excludeTargets':[],"
	"'includeTargets':[{" EVERYBODY "}]},"
	"{" TYPE("softwareOath") ",'id':'SoftwareOath','state':'disabled','excludeTargets':[],"
	"'includeTargets':[{" EVERYBODY "}]},"
	"{" TYPE("voice") ",'id':'Voice','state':'disabled','isOfficePhoneAllowed':false,"
	"'excludeTargets':[],'includeTargets':[{" EVERYBODY "}]},"
	"{" TYPE("email") ",'id':'Email','state':'disabled',"
	"'allowExternalIdToUseEmailOtp':'default','excludeTargets':[],"
	"'includeTargets':[{" EVERYBODY "}]}]}";

/* Facts graph.md 6.1. */
const char default_authorization_policy[] =
	"{'id':'authorizationPolicy','displayName':'Authorization Policy',"
	"'description':'Used to manage authorization related settings across the company.',"
	"'allowedToSignUpEmailBasedSubscriptions':true,'allowedToUseSSPR':false,"
	"'allowEmailVerifiedUsersToJoinOrganization':false,"
	"'allowInvitesFrom':'adminsAndGuestInviters','allowUserConsentForRiskyApps':false,"
	"'blockMsolPowerShell':false,'guestUserRoleId':'10dae51f-b6af-4016-8d66-8c2a99b929b3',"
	"'deletedDateTime':null,"
	"'defaultUserRolePermissions':{'allowedToCreateApps':true,"
	"'allowedToCreateSecurityGroups':true,'allowedToCreateTenants':true,"
	"'allowedToReadBitlockerKeysForOwnedDevice':true,'allowedToReadOtherUsers':true,"
	"'permissionGrantPoliciesAssigned':"
	"['ManagePermissionGrantsForSelf.microsoft-user-default-legacy']}}";

const char default_security_defaults[] =
	"{'id':'00000000-0000-0000-0000-000000000005','displayName':'Security Defaults',"
	"'description':'Security defaults is a set of basic identity security mechanisms "
	"recommended by Microsoft.','deletedDateTime':null,'isEnabled':false}";

/* Facts portal-api.md 1.2; the misspelt member is the wire's own. */
const char default_sspr[] =
	"{'objectId':'default','enablementType':0,'numberOfAuthenticationMethodsRequired':2,"
	"'emailOptionEnabled':true,'mobilePhoneOptionEnabled':true,"
	"'officePhoneOptionEnabled':false,'securityQuestionsOptionEnabled':false,"
	"'mobileAppNotificationEnabled':false,'mobileAppCodeEnabled':false,"
	"'numberOfQuestionsToRegister':5,'numberOfQuestionsToReset':3,"
	"'registrationRequiredOnSignIn':true,'registrationReconfirmIntevalInDays':180,"
	"'skipRegistrationAllowed':true,'skipRegistrationMaxAllowedDays':7,"
	"'customizeHelpdeskLink':false,'customHelpdeskEmailOrUrl':'',"
	"'notifyUsersOnPasswordReset':false,'notifyOnAdminPasswordReset':false,"
	"'passwordResetEnabledGroupIds':[],'passwordResetEnabledGroupName':'',"
	"'securityQuestions':[],'registrationConditionalAccessPolicies':[],"
	"'emailOptionAllowed':true,'mobilePhoneOptionAllowed':true,"
	"'officePhoneOptionAllowed':true,'securityQuestionsOptionAllowed':true,"
	"'mobileAppNotificationOptionAllowed':true,'mobileAppCodeOptionAllowed':true}";

/* Facts portal-api.md 1.3: everything off in a cloud-only tenant. */
const char default_on_premises_sspr[] =
	"{'objectId':null,'passwordWritebackSupported':false,'accountUnlockSupported':false,"
	"'accountUnlockEnabled':false,'enablementForTenant':false,"
	"'cloudProvisioningEnablementForTenant':false}";

/* Facts graph.md 2.2. passwordWritebackEnabled is not in use and stays false
 * whatever the tenant does. */
const char default_synchronization_features[] =
	"{'passwordSyncEnabled':true,'passwordWritebackEnabled':false,"
	"'cloudPasswordPolicyForPasswordSyncedUsersEnabled':false,"
	"'userForcePasswordChangeOnLogonEnabled':false,'blockSoftMatchEnabled':false,"
	"'blockCloudObjectTakeoverThroughHardMatchEnabled':false,"
	"'bypassDirSyncOverridesEnabled':false,'softMatchOnUpnEnabled':true,"
	"'synchronizeUpnForManagedUsersEnabled':true,'quarantineUponUpnConflictEnabled':true,"
	"'quarantineUponProxyAddressesConflictEnabled':true,"
	"'directoryExtensionsEnabled':false,'deviceWritebackEnabled':false,"
	"'userWritebackEnabled':false,'unifiedGroupWritebackEnabled':false,"
	"'groupWriteBackEnabled':false,'fopeConflictResolutionEnabled':false,"
	"'concurrentCredentialUpdateEnabled':false,'concurrentOrgIdProvisioningEnabled':false,"
	"'allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled':false}";

const char default_branding[] =
	"{'id':'0','backgroundColor':'#0b3a53','signInPageText':'Need help? Call 4100.',"
	"'usernameHintText':null,'customAccountResetCredentialsUrl':null,"
	"'customCannotAccessYourAccountText':null,'customCannotAccessYourAccountUrl':null,"
	"'customForgotMyPasswordText':null,'customResetItNowText':null,"
	"'loginPageLayoutConfiguration':{'layoutTemplateType':'default','isHeaderShown':false,"
	"'isFooterShown':true},"
	"'loginPageTextVisibilitySettings':{'hideAccountResetCredentials':false,"
	"'hideCannotAccessYourAccount':false,'hideForgotMyPassword':false,"
	"'hidePrivacyAndCookies':false,'hideResetItNow':false,'hideTermsOfUse':false}}";

/* Facts graph.md 10.10: all that the runbook needs, read and write. */
const char default_scopes[] =
	"['User.Read','Organization.Read.All','LicenseAssignment.Read.All',"
	"'Group.ReadBasic.All','GroupMember.Read.All','User.Read.All','Domain.Read.All',"
	"'Policy.Read.AuthenticationMethod','Policy.Read.All','AuditLog.Read.All',"
	"'OnPremDirectorySynchronization.Read.All','Synchronization.Read.All',"
	"'Application.Read.All','RoleManagement.Read.Directory','SecurityEvents.Read.All',"
	"'OrganizationalBranding.Read.All','GroupSettings.Read.All','Group.ReadWrite.All','GroupMember.ReadWrite.All',"
	"'Policy.ReadWrite.AuthenticationMethod','Policy.ReadWrite.Authorization']";
