# Reads what matters for password writeback on this Entra Connect server and
# writes it as one JSON document. It reads only: nothing is changed, and no
# password, key or certificate is touched. Run it in an elevated Windows
# PowerShell 5.1 on the server, then bring the file to `sspr-wizard import`.
#
#   powershell.exe -NoProfile -ExecutionPolicy Bypass -File server-script.ps1
#
# Each fact stands for itself: {"value": ..., "error": ...}. What cannot be read
# leaves its reason in "error", and the next fact is read all the same.
[CmdletBinding()]
param(
	# Where the document goes; "-" shows it here, as a block to copy and paste.
	[string]$OutFile = '.\sspr-server.json',
	# People of the pilot by user principal name, to read their rights and flags.
	[string[]]$Pilot = @(),
	# How many days of events are read.
	[ValidateRange(1, 30)][int]$Days = 7,
	# Seconds to wait for one connection.
	[ValidateRange(1, 60)][int]$Timeout = 5,
	# Skips every connection to other machines.
	[switch]$NoNetwork,
	# Who asked; filled in by sspr-wizard.
	[string]$Nonce = '@NONCE@',
	[string]$Tenant = '@TENANT@',
	[ValidateSet('global', 'usgov', 'dod', 'china')][string]$Cloud = '@CLOUD@'
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$facts = [ordered]@{}

function Read-Fact([string]$Name, [scriptblock]$How, [switch]$List) {
	$fact = [ordered]@{ value = $null; error = $null }
	try {
		if ($List) { $fact.value = @(& $How) } else { $fact.value = & $How }
	} catch {
		$fact.error = Limit-Text $_.Exception.Message
	}
	$facts[$Name] = $fact
}

# At most 300 characters, without line breaks, sign-in names masked.
function Limit-Text([string]$Text) {
	$line = ($Text -replace '\s+', ' ') -replace '[^\s@<>()]+@[^\s@<>()]+', '***'
	if ($line.Length -gt 300) { $line = $line.Substring(0, 300) }
	$line
}

function Format-Time($Time) {
	if ($null -eq $Time) { return $null }
	([DateTime]$Time).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
}

# All simple properties of an object as text: names differ between versions.
function Copy-Flat($Thing) {
	$flat = [ordered]@{}
	foreach ($property in $Thing.PSObject.Properties) {
		$value = $null
		try { $value = $property.Value } catch { continue }
		if ($value -is [DateTime]) {
			$flat[$property.Name] = Format-Time $value
		} elseif ($value -is [bool]) {
			$flat[$property.Name] = $value
		} elseif ($value -is [string] -or $value -is [ValueType]) {
			$flat[$property.Name] = Limit-Text ([string]$value)
		}
	}
	$flat
}

function Test-Port([string]$HostName, [int]$Port) {
	$result = [ordered]@{ host = $HostName; port = $Port; answered = $false; error = $null }
	$client = New-Object System.Net.Sockets.TcpClient
	try {
		$result.answered = $client.ConnectAsync($HostName, $Port).Wait($Timeout * 1000)
		if (-not $result.answered) { $result.error = 'no answer in time' }
	} catch {
		$result.error = Limit-Text ($_.Exception.GetBaseException().Message)
	} finally {
		$client.Close()
	}
	$result
}

# Who issued the certificate that is shown here. Any certificate is accepted,
# because a wrong one is what we look for; nothing is sent over the connection.
function Read-Issuer([string]$HostName) {
	$client = New-Object System.Net.Sockets.TcpClient
	$stream = $null
	try {
		if (-not $client.ConnectAsync($HostName, 443).Wait($Timeout * 1000)) { return $null }
		$client.ReceiveTimeout = $Timeout * 1000
		$accept = [System.Net.Security.RemoteCertificateValidationCallback]{ $true }
		$stream = New-Object System.Net.Security.SslStream($client.GetStream(), $false, $accept)
		$stream.AuthenticateAsClient($HostName)
		$stream.RemoteCertificate.Issuer
	} finally {
		if ($null -ne $stream) { $stream.Dispose() }
		$client.Close()
	}
}

function Test-Endpoint([string]$HostName, [int]$Port, [string]$Purpose) {
	$result = Test-Port $HostName $Port
	$result.purpose = $Purpose
	$result.issuer = $null
	if ($result.answered -and $Port -eq 443) {
		try {
			$result.issuer = Read-Issuer $HostName
		} catch {
			$result.error = Limit-Text ($_.Exception.GetBaseException().Message)
		}
	}
	$result
}

function Read-Registry([string]$Key, [string]$Name) {
	$item = Get-ItemProperty -Path $Key -Name $Name -ErrorAction SilentlyContinue
	$value = $null
	if ($null -ne $item) { $value = [string]$item.$Name }
	[ordered]@{ key = $Key; name = $Name; value = $value }
}

# Events of one source, newest first; none is an empty list and no error.
function Read-Events([string]$Source) {
	$filter = @{ LogName = 'Application'; ProviderName = $Source
		StartTime = (Get-Date).AddDays(-$Days) }
	try {
		Get-WinEvent -FilterHashtable $filter -MaxEvents 20000
	} catch {
		if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
	}
}

# Values of one object of the directory by LDAP name; numbers stay numbers.
function Read-Object($Root, [string]$Filter, [string]$Scope, [string[]]$Names) {
	$searcher = New-Object System.DirectoryServices.DirectorySearcher($Root, $Filter, $Names)
	$searcher.SearchScope = $Scope
	$found = $searcher.FindOne()
	if ($null -eq $found) { return $null }
	$object = [ordered]@{}
	foreach ($name in $Names) {
		$object[$name] = $null
		if ($found.Properties.Contains($name)) { $object[$name] = $found.Properties[$name][0] }
	}
	$object
}

# The access list, as bytes: sspr-wizard judges it, this script does not.
function Read-Descriptor($Entry) {
	[Convert]::ToBase64String($Entry.psbase.ObjectSecurity.GetSecurityDescriptorBinaryForm())
}

switch ($Cloud) {
	'china' { $login = 'login.partner.microsoftonline.cn'; $reset = $null
		$admin = $null
		$relays = 'ssprdedicatedsbmcprodcne.servicebus.chinacloudapi.cn',
			'ssprdedicatedsbmcprodcnn.servicebus.chinacloudapi.cn' }
	'global' { $login = 'login.microsoftonline.com'
		$reset = 'passwordreset.microsoftonline.com'
		$admin = 'adminwebservice.microsoftonline.com'
		$relays = 'ssprdedicatedsbprodscu.servicebus.windows.net',
			'ssprdedicatedsbprodncu.servicebus.windows.net' }
	default { $login = 'login.microsoftonline.us'; $reset = 'passwordreset.microsoftonline.us'
		$admin = $null; $relays = @() }
}

Read-Fact 'system' {
	$os = Get-CimInstance Win32_OperatingSystem
	$computer = Get-CimInstance Win32_ComputerSystem
	[ordered]@{ caption = $os.Caption; version = $os.Version; domain = $computer.Domain
		domainRole = [int]$computer.DomainRole
		powershell = [string]$PSVersionTable.PSVersion }
}
if (-not $NoNetwork) {
	Read-Fact 'clock' {
		$answer = Invoke-WebRequest "https://$login" -UseBasicParsing -Method Head -TimeoutSec 30
		$cloudTime = ([DateTime]$answer.Headers.Date).ToUniversalTime()
		[ordered]@{ skewSeconds = [int]([DateTime]::UtcNow - $cloudTime).TotalSeconds }
	}
}
Read-Fact 'module' { Import-Module ADSync; $true }
Read-Fact 'version' {
	$file = Get-Item 'C:\Program Files\Microsoft Azure AD Sync\Bin\miiserver.exe'
	$file.VersionInfo.ProductVersion
}
Read-Fact 'settings' {
	$settings = [ordered]@{}
	foreach ($parameter in (Get-ADSyncGlobalSettings).Parameters) {
		if ($parameter.Name -match '(StagingMode|SchedulerSuspended|MaintenanceEnabled|ServerConfigurationVersion|AutoUpgradeState|SignOnMethod|MachineRole)$') {
			$settings[$parameter.Name] = [string]$parameter.Value
		}
	}
	$settings
}
Read-Fact 'services' -List {
	$names = 'ADSync', '*AADConnectHealth*', '*AzureADConnect*', '*EntraConnect*',
		'AADConnectProvisioningAgent'
	Get-Service $names -ErrorAction SilentlyContinue | ForEach-Object {
		$one = $_
		$account = $null
		if ($one.Name -eq 'ADSync') {
			$account = (Get-CimInstance Win32_Service -Filter "Name='ADSync'").StartName
		}
		[ordered]@{ name = $one.Name; displayName = $one.DisplayName
			status = [string]$one.Status; startType = [string]$one.StartType
			account = $account }
	}
}
Read-Fact 'scheduler' { Copy-Flat (Get-ADSyncScheduler) }

# What one fact finds for a later one, in a thing that each block reaches however
# this script was started: sent over ssh it has no scope of its own to name.
$seen = @{ accounts = @(); relayNames = @(); relayPath = $null }

# The connector accounts by name alone; their passwords are not asked for.
Read-Fact 'connectors' -List {
	foreach ($connector in (Get-ADSyncConnector)) {
		$user = $connector.ConnectivityParameters['forest-login-user'].Value
		$domain = $connector.ConnectivityParameters['forest-login-domain'].Value
		if ($user) { $seen.accounts += [ordered]@{ user = $user; domain = $domain } }
		[ordered]@{ name = $connector.Name; identifier = [string]$connector.Identifier
			type = [string]$connector.Type; subType = [string]$connector.SubType
			user = $user; domain = $domain }
	}
}
Read-Fact 'writeback' {
	$cloudConnector = Get-ADSyncConnector -Identifier 'b891884f-051e-4a83-95af-2544101c9083'
	Copy-Flat (Get-ADSyncAADPasswordResetConfiguration -Connector $cloudConnector.Name)
}
Read-Fact 'writebackParameters' -List {
	(Get-Command 'Set-ADSyncAADPasswordResetConfiguration').Parameters.Keys
}
Read-Fact 'features' { Copy-Flat (Get-ADSyncAADCompanyFeature) }
Read-Fact 'identity' { [string](Get-ADSyncEntraConnectorCredential).ConnectorIdentityType }
Read-Fact 'runs' -List {
	Get-ADSyncRunProfileResult -NumberRequested 20 | ForEach-Object {
		[ordered]@{ connector = $_.ConnectorName; profile = $_.RunProfileName
			result = [string]$_.Result; start = Format-Time $_.StartDate
			end = Format-Time $_.EndDate }
	}
}
Read-Fact 'hashSync' -List {
	Get-ADSyncPartitionPasswordSyncState | ForEach-Object { Copy-Flat $_ }
}
Read-Fact 'autoUpgrade' { Limit-Text ([string](Get-ADSyncAutoUpgrade -Detail)) }

# Counts of every id; the words of the failures, cut and masked.
Read-Fact 'events' -List {
	foreach ($source in 'PasswordResetService', 'ADSync') {
		$events = @(Read-Events $source)
		foreach ($record in $events) {
			if ($record.Id -ne 31019 -and $record.Id -ne 31034) { continue }
			$names = [regex]::Matches($record.Message, '[a-zA-Z0-9-]+\.servicebus\.[a-zA-Z0-9.]+[a-zA-Z]')
			foreach ($name in $names) { $seen.relayNames += $name.Value.ToLower() }
			if (-not $seen.relayPath -and $record.Message -match '[0-9a-fA-F-]{36}_[0-9a-fA-F-]{36}') {
				$seen.relayPath = $Matches[0]
			}
			if ($seen.relayNames.Count -ge 20) { break }
		}
		foreach ($group in ($events | Group-Object Id)) {
			$texts = @()
			if ($source -eq 'ADSync' -or [int]$group.Name -ge 31034 -or
				$group.Name -in '31003', '31008', '31011', '31014') {
				$texts = @($group.Group | Select-Object -First 5 | ForEach-Object {
					Limit-Text $_.Message })
			}
			[ordered]@{ source = $source; id = [int]$group.Name; count = $group.Count
				first = Format-Time $group.Group[$group.Count - 1].TimeCreated
				last = Format-Time $group.Group[0].TimeCreated; messages = $texts }
		}
	}
}
if (-not $NoNetwork) {
	$relays = @($seen.relayNames + @($relays) | Select-Object -Unique | Select-Object -First 4)
	# An answer of 401 proves the way to the relay; a socket, that it is in use.
	Read-Fact 'relay' -List {
		$process = Get-Process miiserver -ErrorAction SilentlyContinue
		foreach ($name in $relays) {
			$own = $seen.relayNames -contains $name
			$probe = Test-Endpoint $name 443 'relay'
			$probe.own = $own
			$probe.status = $null
			$probe.sockets = $null
			if ($own -and $seen.relayPath) {
				try {
					$answer = Invoke-WebRequest "https://$name/$($seen.relayPath)" -UseBasicParsing -TimeoutSec 30
					$probe.status = [int]$answer.StatusCode
				} catch {
					if ($_.Exception.Response) {
						$probe.status = [int]$_.Exception.Response.StatusCode
					}
				}
			}
			if ($own -and $process) {
				try {
					$addresses = (Resolve-DnsName $name -Type A).IPAddress
					$probe.sockets = @(Get-NetTCPConnection -State Established `
						-OwningProcess $process.Id -RemotePort 443 `
						-RemoteAddress $addresses -ErrorAction SilentlyContinue).Count
				} catch {
					$probe.error = Limit-Text $_.Exception.Message
				}
			}
			$probe
		}
	}
	Read-Fact 'endpoints' -List {
		Test-Endpoint $login 443 'sign-in'
		if ($reset) { Test-Endpoint $reset 443 'password reset service' }
		if ($admin) { Test-Endpoint $admin 443 'configuration' }
		if ($Cloud -eq 'global') { Test-Endpoint 'mscrl.microsoft.com' 80 'revocation list' }
	}
	Read-Fact 'controllers' -List {
		$domain = [System.DirectoryServices.ActiveDirectory.Domain]::GetCurrentDomain()
		foreach ($controller in ($domain.DomainControllers | Select-Object -First 5)) {
			foreach ($port in 53, 88, 135, 389, 445, 636, 3268) {
				Test-Port $controller.Name $port
			}
		}
	}
	Read-Fact 'reachability' -List {
		foreach ($connector in (Get-ADSyncConnector)) {
			if ([string]$connector.Type -ne 'AD') { continue }
			Get-ADSyncDomainReachabilityStatus -ConnectorName $connector.Name | ForEach-Object {
				[ordered]@{ name = $_.FullName; reachable = [bool]$_.IsReachable
					error = Limit-Text ([string]$_.ExceptionMessage) }
			}
		}
	}
}
Read-Fact 'proxy' {
	$path = 'C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config'
	$config = [xml][System.IO.File]::ReadAllText($path)
	$node = $config.SelectSingleNode('/configuration/system.net/defaultProxy/proxy')
	if ($null -ne $node) { $node.GetAttribute('proxyaddress') -replace '//[^@/]*@', '//' }
}
Read-Fact 'tls' -List {
	foreach ($branch in 'HKLM:\SOFTWARE', 'HKLM:\SOFTWARE\WOW6432Node') {
		$key = "$branch\Microsoft\.NETFramework\v4.0.30319"
		Read-Registry $key 'SystemDefaultTlsVersions'
		Read-Registry $key 'SchUseStrongCrypto'
	}
	foreach ($side in 'Server', 'Client') {
		$key = "HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\$side"
		Read-Registry $key 'Enabled'
		Read-Registry $key 'DisabledByDefault'
	}
	Read-Registry 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' 'Release'
}
Read-Fact 'sam' {
	(Read-Registry 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' 'RestrictRemoteSam').value
}

# Who the connector accounts are: their SIDs and those of their groups.
Read-Fact 'accounts' -List {
	foreach ($account in $seen.accounts) {
		$name = New-Object System.Security.Principal.NTAccount($account.domain, $account.user)
		$sid = $name.Translate([System.Security.Principal.SecurityIdentifier]).Value
		$entry = [adsi]"LDAP://<SID=$sid>"
		$entry.psbase.RefreshCache([string[]]@('tokenGroups'))
		$groups = @($entry.psbase.Properties['tokenGroups'] | ForEach-Object {
			(New-Object System.Security.Principal.SecurityIdentifier($_, 0)).Value })
		[ordered]@{ name = "$($account.domain)\$($account.user)"; sid = $sid; groups = $groups }
	}
}
Read-Fact 'domains' -List {
	$domain = [System.DirectoryServices.ActiveDirectory.Domain]::GetCurrentDomain()
	$names = 'distinguishedName', 'minPwdAge', 'pwdHistoryLength', 'minPwdLength',
		'pwdProperties', 'lockoutThreshold'
	foreach ($one in $domain.Forest.Domains) {
		$root = $one.GetDirectoryEntry()
		$object = Read-Object $root '(objectClass=*)' 'Base' $names
		$object.name = $one.Name
		$object.descriptor = Read-Descriptor $root
		$object
	}
}
Read-Fact 'pilots' -List {
	$names = 'distinguishedName', 'userPrincipalName', 'adminCount', 'userAccountControl',
		'pwdLastSet', 'lockoutTime', 'msDS-ResultantPSO'
	foreach ($person in $Pilot) {
		$safe = $person -replace '\\', '\5c' -replace '\*', '\2a' -replace '\(', '\28' -replace '\)', '\29'
		$object = Read-Object $null "(userPrincipalName=$safe)" 'Subtree' $names
		if ($null -eq $object) { [ordered]@{ asked = $person; found = $false }; continue }
		$object.asked = $person
		$object.found = $true
		$object.descriptor = Read-Descriptor ([adsi]"LDAP://$($object.distinguishedName -replace '/', '\/')")
		$object
	}
}
Read-Fact 'controls' -List { ([adsi]'LDAP://RootDSE').supportedControl }

$document = [ordered]@{
	schema = 'sspr-wizard-server/1'; scriptVersion = '@VERSION@'; nonce = $Nonce
	tenant = $Tenant; cloud = $Cloud; computer = [Environment]::MachineName
	collectedAtUtc = Format-Time ([DateTime]::UtcNow); days = $Days; facts = $facts
}
# The hash covers all that stands before its own member.
$text = ConvertTo-Json $document -Depth 8 -Compress
$text = $text.Substring(0, $text.Length - 1)
$sha = [System.Security.Cryptography.SHA256]::Create()
$bytes = $sha.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text))
$hash = ([BitConverter]::ToString($bytes) -replace '-', '').ToLower()
$bytes = [System.Text.Encoding]::UTF8.GetBytes("$text,""sha256"":""$hash""}")
if ($OutFile -eq '-') {
	# Letters and digits alone: no console and no clipboard can spoil them.
	Write-Output '-----BEGIN SSPR-WIZARD SERVER-----'
	[Convert]::ToBase64String($bytes) -split '(.{76})' | Where-Object { $_ }
	Write-Output '-----END SSPR-WIZARD SERVER-----'
} else {
	$path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutFile)
	[System.IO.File]::WriteAllBytes($path, $bytes)
	Write-Host "Written: $path"
	Write-Host "SHA-256: $hash"
	Write-Host 'Bring this file to: sspr-wizard import FILE'
}
# End of the script.
