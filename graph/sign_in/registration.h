#ifndef GRAPH_SIGN_IN_REGISTRATION_H
#define GRAPH_SIGN_IN_REGISTRATION_H

/*
 * What the wizard's own app registration looks like, in one place for the printed
 * help, the plan and the reader.
 */
#define REGISTRATION_NAME "sspr-wizard"
#define REGISTRATION_REDIRECT "http://localhost"
/* Microsoft Graph, the same in every tenant and cloud. */
#define GRAPH_APP_ID "00000003-0000-0000-c000-000000000000"

/*
 * The application of Microsoft's that makes the registration: the Azure CLI's, a
 * public client that every tenant knows and that may write applications without a
 * consent of anybody. So nobody has to consent to Application.ReadWrite.All for a
 * tool, and it is used for this alone. Source: azure-sdk-for-python, _constants.py;
 * the practice: CLI for Microsoft 365 and Maester (facts sign-in-and-transport.md
 * 4.4).
 */
#define AZURE_CLI_APP_ID "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
#define AZURE_CLI_APP_NAME "Microsoft Azure CLI"

#endif
