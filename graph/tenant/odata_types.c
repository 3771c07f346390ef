#include "graph/tenant/odata.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/*
 * Properties by type. Source: Graph's published v1.0 metadata of 20 August
 * 2026 (facts graph.md, tag M), without navigation properties.
 */
static const struct odata_type types[] = {
	{
		.name = "user",
		.properties =
			"id deletedDateTime aboutMe accountEnabled ageGroup assignedLicenses "
			"assignedPlans authorizationInfo birthday businessPhones city companyName "
			"consentProvidedForMinor country createdDateTime creationType "
			"customSecurityAttributes department deviceEnrollmentLimit displayName "
			"employeeHireDate employeeId employeeLeaveDateTime employeeOrgData "
			"employeeType externalUserState externalUserStateChangeDateTime faxNumber "
			"givenName hireDate identities imAddresses interests isManagementRestricted "
			"isResourceAccount jobTitle lastPasswordChangeDateTime "
			"legalAgeGroupClassification licenseAssignmentStates mail mailboxSettings "
			"mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName "
			"onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId "
			"onPremisesLastSyncDateTime onPremisesProvisioningErrors "
			"onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled "
			"onPremisesUserPrincipalName otherMails passwordPolicies passwordProfile "
			"pastProjects postalCode preferredDataLocation preferredLanguage "
			"preferredName provisionedPlans proxyAddresses responsibilities schools "
			"securityIdentifier serviceProvisioningErrors showInAddressList "
			"signInActivity signInSessionsValidFromDateTime skills state streetAddress "
			"surname usageLocation userPrincipalName userType",
		.defaults = "id businessPhones displayName givenName jobTitle mail mobilePhone "
			    "officeLocation preferredLanguage surname userPrincipalName",
		.search = "displayName description givenName mail mailNickname surname "
			  "userPrincipalName otherMails",
		.basic = "id displayName givenName surname mail userPrincipalName photo",
		.full_scopes = { "User.Read.All", "Directory.Read.All" },
		.directory = true,
	},
	{
		.name = "group",
		.properties =
			"id deletedDateTime accessType allowExternalSenders assignedLabels "
			"assignedLicenses autoSubscribeNewMembers classification createdDateTime "
			"description displayName expirationDateTime groupTypes "
			"hasMembersWithLicenseErrors hideFromAddressLists hideFromOutlookClients "
			"infoCatalogs isArchived isAssignableToRole isFavorite "
			"isManagementRestricted isSubscribedByMail licenseProcessingState mail "
			"mailEnabled mailNickname membershipRule membershipRuleProcessingState "
			"onPremisesDomainName onPremisesExtensionAttributes "
			"onPremisesLastSyncDateTime onPremisesNetBiosName "
			"onPremisesProvisioningErrors onPremisesSamAccountName "
			"onPremisesSecurityIdentifier onPremisesSyncEnabled organizationId "
			"preferredDataLocation preferredLanguage proxyAddresses renewedDateTime "
			"resourceBehaviorOptions resourceProvisioningOptions securityEnabled "
			"securityIdentifier serviceProvisioningErrors theme uniqueName "
			"unseenConversationsCount unseenCount unseenMessagesCount visibility "
			"welcomeMessageEnabled",
		.defaults =
			"id deletedDateTime classification createdDateTime creationOptions "
			"description displayName expirationDateTime groupTypes isAssignableToRole "
			"mail mailEnabled mailNickname membershipRule "
			"membershipRuleProcessingState onPremisesDomainName "
			"onPremisesLastSyncDateTime onPremisesNetBiosName "
			"onPremisesProvisioningErrors onPremisesSamAccountName "
			"onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation "
			"preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions "
			"resourceProvisioningOptions securityEnabled securityIdentifier "
			"serviceProvisioningErrors theme uniqueName visibility",
		.search = "displayName description mail mailNickname",
		.directory = true,
	},
	{
		.name = "organization",
		.properties =
			"id deletedDateTime assignedPlans businessPhones city country "
			"countryLetterCode createdDateTime defaultUsageLocation displayName "
			"marketingNotificationEmails mobileDeviceManagementAuthority "
			"onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType "
			"postalCode preferredLanguage privacyProfile provisionedPlans "
			"securityComplianceNotificationMails securityComplianceNotificationPhones "
			"state street technicalNotificationMails tenantType verifiedDomains",
		.beta = "onPremisesLastPasswordSyncDateTime directorySizeQuota "
			"isMultipleDataLocationsForServicesEnabled",
		.basic = "id displayName verifiedDomains",
		.full_scopes = { "Organization.Read.All", "User.Read.All", "Directory.Read.All" },
	},
	{
		.name = "subscribedSku",
		.properties = "id accountId accountName appliesTo capabilityStatus consumedUnits "
			      "prepaidUnits servicePlans skuId skuPartNumber subscriptionIds",
		.select_only = true,
	},
	{
		.name = "licenseDetails",
		.properties = "id servicePlans skuId skuPartNumber",
		.select_only = true,
	},
	{
		.name = "domain",
		.properties =
			"id authenticationType availabilityStatus isAdminManaged isDefault isInitial "
			"isRoot isVerified manufacturer model passwordNotificationWindowInDays "
			"passwordValidityPeriodInDays state supportedServices",
	},
	{
		.name = "groupSetting",
		.properties = "id displayName templateId values",
	},
	{
		.name = "servicePrincipal",
		.properties =
			"id deletedDateTime accountEnabled addIns alternativeNames appDescription "
			"appDisplayName appId applicationTemplateId appOwnerOrganizationId "
			"appRoleAssignmentRequired appRoles createdByAppId customSecurityAttributes "
			"description disabledByMicrosoftStatus displayName homepage info isDisabled "
			"keyCredentials loginUrl logoutUrl notes notificationEmailAddresses "
			"oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode "
			"preferredTokenSigningKeyThumbprint replyUrls "
			"resourceSpecificApplicationPermissions samlSingleSignOnSettings "
			"servicePrincipalNames servicePrincipalType signInAudience tags "
			"tokenEncryptionKeyId verifiedPublisher",
		.search = "displayName description",
		.directory = true,
	},
	{
		.name = "appRoleAssignment",
		.properties = "id deletedDateTime appRoleId createdDateTime principalDisplayName "
			      "principalId principalType resourceDisplayName resourceId",
	},
	{
		.name = "application",
		.properties =
			"id deletedDateTime addIns api appId applicationTemplateId appRoles "
			"createdDateTime description disabledByMicrosoftStatus displayName "
			"groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported "
			"isFallbackPublicClient keyCredentials notes oauth2RequirePostResponse "
			"optionalClaims passwordCredentials publicClient publisherDomain "
			"requiredResourceAccess signInAudience spa tags verifiedPublisher web",
		.search = "displayName description",
		.directory = true,
	},
	{
		.name = "oAuth2PermissionGrant",
		.properties = "id clientId consentType principalId resourceId scope",
	},
	{
		.name = "directoryRole",
		.properties = "id deletedDateTime description displayName roleTemplateId",
		.directory = true,
	},
	{
		.name = "device",
		.properties =
			"id deletedDateTime accountEnabled approximateLastSignInDateTime deviceId "
			"displayName isCompliant isManaged onPremisesLastSyncDateTime "
			"onPremisesSyncEnabled operatingSystem operatingSystemVersion profileType "
			"trustType",
		.search = "displayName",
		.directory = true,
	},
	{
		.name = "orgContact",
		.properties = "id deletedDateTime companyName department displayName givenName "
			      "jobTitle mail mailNickname onPremisesSyncEnabled surname",
		.search = "displayName mail",
		.directory = true,
	},
	{
		.name = "unifiedRoleAssignment",
		.properties = "id appScopeId condition directoryScopeId principalId "
			      "principalOrganizationId roleDefinitionId",
	},
	{
		.name = "unifiedRoleDefinition",
		.properties = "id description displayName isBuiltIn isEnabled resourceScopes "
			      "rolePermissions templateId version",
	},
	{
		.name = "organizationalBranding",
		.properties =
			"id backgroundColor backgroundImage backgroundImageRelativeUrl bannerLogo "
			"bannerLogoRelativeUrl cdnList contentCustomization "
			"customAccountResetCredentialsUrl customCannotAccessYourAccountText "
			"customCannotAccessYourAccountUrl customCSS customCSSRelativeUrl "
			"customForgotMyPasswordText customPrivacyAndCookiesText "
			"customPrivacyAndCookiesUrl customResetItNowText customTermsOfUseText "
			"customTermsOfUseUrl favicon faviconRelativeUrl headerBackgroundColor "
			"headerLogo headerLogoRelativeUrl loginPageLayoutConfiguration "
			"loginPageTextVisibilitySettings signInPageText squareLogo squareLogoDark "
			"squareLogoDarkRelativeUrl squareLogoRelativeUrl usernameHintText",
	},
	{
		.name = "directoryAudit",
		.properties =
			"id activityDateTime activityDisplayName additionalDetails category "
			"correlationId initiatedBy loggedByService operationType result "
			"resultReason targetResources",
		/* facts graph.md 8.1 */
		.filters = "activityDateTime activityDisplayName correlationId loggedByService "
			   "initiatedBy targetResources",
		.operators = "eq ge le startswith and any",
		.page = 1000,
		.top_max = 1000,
	},
	{
		.name = "signIn",
		.properties =
			"id appDisplayName appId appliedConditionalAccessPolicies "
			"authenticationAppDeviceDetails clientAppUsed conditionalAccessStatus "
			"correlationId createdDateTime deviceDetail homeTenantId ipAddress "
			"isInteractive location resourceDisplayName resourceId resourceTenantId "
			"riskDetail riskEventTypes riskEventTypes_v2 riskLevelAggregated "
			"riskLevelDuringSignIn riskState servicePrincipalId servicePrincipalName "
			"status userAgent userDisplayName userId userPrincipalName",
		.beta = "authenticationDetails authenticationRequirement",
		.page = 1000,
		.top_max = 1000,
	},
	{
		.name = "userRegistrationDetails",
		.properties =
			"id isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable isSsprCapable "
			"isSsprEnabled isSsprRegistered isSystemPreferredAuthenticationMethodEnabled "
			"lastUpdatedDateTime methodsRegistered systemPreferredAuthenticationMethods "
			"userDisplayName userPreferredMethodForSecondaryAuthentication "
			"userPrincipalName userType",
		.beta = "defaultMfaMethod",
		/* facts graph.md 7.1 */
		.filters = "id isAdmin isMfaCapable isMfaRegistered isPasswordlessCapable "
			   "isSsprCapable isSsprEnabled isSsprRegistered "
			   "isSystemPreferredAuthenticationMethodEnabled methodsRegistered "
			   "userDisplayName userPrincipalName userType",
		.page = 1000,
		.top_max = 1000,
	},
	{
		.name = "authenticationMethodsPolicy",
		.properties =
			"id description displayName lastModifiedDateTime policyMigrationState "
			"policyVersion reconfirmationInDays registrationEnforcement "
			"authenticationMethodConfigurations",
		.beta = "systemCredentialPreferences reportSuspiciousActivitySettings optOutSettings",
	},
	{
		.name = "authorizationPolicy",
		.properties =
			"id deletedDateTime description displayName "
			"allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR "
			"allowEmailVerifiedUsersToJoinOrganization allowInvitesFrom "
			"allowUserConsentForRiskyApps blockMsolPowerShell "
			"defaultUserRolePermissions guestUserRoleId",
	},
	{
		.name = "identitySecurityDefaultsEnforcementPolicy",
		.properties = "id deletedDateTime description displayName isEnabled",
	},
	{
		.name = "onPremisesDirectorySynchronization",
		.properties = "id configuration features",
	},
	{
		.name = "synchronizationJob",
		.properties = "id schedule status synchronizationJobSettings templateId",
	},
	{
		.name = "secureScore",
		.properties =
			"id activeUserCount averageComparativeScores azureTenantId controlScores "
			"createdDateTime currentScore enabledServices licensedUserCount maxScore "
			"vendorInformation",
	},
};

/* Properties that are lists: a missing one reads [] and not null. */
static const char lists[] =
	"assignedLicenses assignedPlans businessPhones identities imAddresses interests "
	"licenseAssignmentStates onPremisesProvisioningErrors otherMails pastProjects "
	"provisionedPlans proxyAddresses responsibilities schools serviceProvisioningErrors "
	"skills assignedLabels groupTypes infoCatalogs resourceBehaviorOptions "
	"resourceProvisioningOptions marketingNotificationEmails "
	"securityComplianceNotificationMails securityComplianceNotificationPhones "
	"technicalNotificationMails verifiedDomains servicePlans subscriptionIds "
	"supportedServices addIns alternativeNames appRoles keyCredentials "
	"notificationEmailAddresses oauth2PermissionScopes passwordCredentials replyUrls "
	"resourceSpecificApplicationPermissions servicePrincipalNames tags resourceScopes "
	"rolePermissions additionalDetails targetResources appliedConditionalAccessPolicies "
	"riskEventTypes riskEventTypes_v2 methodsRegistered "
	"systemPreferredAuthenticationMethods cdnList synchronizationJobSettings";

const struct odata_type *odata_type_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_same(types[i].name, name))
			return &types[i];
	return NULL;
}

bool words_have(const char *words, const char *word, size_t n)
{
	const char *p = words;

	if (!words || !n)
		return false;
	while (*p) {
		size_t len = strcspn(p, " ");

		if (len == n && !memcmp(p, word, n))
			return true;
		p += len;
		p += strspn(p, " ");
	}
	return false;
}

bool type_has(const struct odata_type *type, const char *property, size_t n, bool beta)
{
	return words_have(type->properties, property, n) ||
	       (beta && words_have(type->beta, property, n));
}

bool property_is_list(const char *property)
{
	return words_have(lists, property, strlen(property));
}

bool odata_property_known(const char *type, const char *property)
{
	const struct odata_type *found = odata_type_find(type);

	return !found || type_has(found, property, strlen(property), false);
}
