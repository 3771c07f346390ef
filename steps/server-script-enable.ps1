# Enables password writeback on this Entra Connect server, after asking, and
# proves it by the events that follow. It changes that one switch and nothing
# else. Run it in an elevated Windows PowerShell 5.1 on the server.
#
# It does not go on when this is a staging server, when Entra Connect is too old
# to synchronise, or when the switch wants a person to sign in: then the Entra
# Connect wizard is the way, and the script says how.
[CmdletBinding()]
param(
	# Seconds to wait for the events.
	[ValidateRange(30, 600)][int]$Patience = 120,
	# sspr-wizard has asked already; what came of it is told as a block to read.
	[switch]$Asked
)
$ErrorActionPreference = 'Stop'
$floor = [Version]'@FLOOR@'

# proved, enabled (but not proved), failed, or unchanged.
function Write-Result([string]$Outcome, [string]$Reason) {
	if (-not $Asked) { return }
	$result = [ordered]@{ schema = 'sspr-wizard-enable/1'
		computer = [Environment]::MachineName; outcome = $Outcome; reason = $Reason }
	$bytes = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $result -Compress))
	Write-Output '-----BEGIN SSPR-WIZARD SERVER-----'
	[Convert]::ToBase64String($bytes) -split '(.{76})' | Where-Object { $_ }
	Write-Output '-----END SSPR-WIZARD SERVER-----'
}

function Stop-Here([string]$Reason) {
	Write-Host "Nothing was changed: $Reason"
	Write-Result 'unchanged' $Reason
	exit 3
}

function Show-Wizard {
	Write-Host 'In Microsoft Entra Connect Sync: Configure > Customize synchronization options'
	Write-Host '> sign in with an account that is not federated > Optional features'
	Write-Host '> tick Password writeback > Configure.'
}

# The newest time of each id since then.
function Read-Proof([DateTime]$Since) {
	$proof = @{}
	$filter = @{ LogName = 'Application'; ProviderName = 'PasswordResetService'; StartTime = $Since }
	try {
		foreach ($record in (Get-WinEvent -FilterHashtable $filter)) {
			if (-not $proof.ContainsKey($record.Id)) { $proof[$record.Id] = $record.TimeCreated }
		}
	} catch {
		if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
	}
	$proof
}

try {
	Import-Module ADSync
	$file = Get-Item 'C:\Program Files\Microsoft Azure AD Sync\Bin\miiserver.exe'
	$version = [Version]$file.VersionInfo.ProductVersion
	$scheduler = Get-ADSyncScheduler
	$connector = Get-ADSyncConnector -Identifier 'b891884f-051e-4a83-95af-2544101c9083'
	$before = Get-ADSyncAADPasswordResetConfiguration -Connector $connector.Name
	$keys = (Get-Command Set-ADSyncAADPasswordResetConfiguration).Parameters.Keys
} catch {
	Stop-Here "this is no Entra Connect server that can be read. $($_.Exception.Message)"
}
if ($version -lt $floor) { Stop-Here "version $version no longer synchronises; install $floor or later." }
if ($scheduler.StagingModeEnabled) { Stop-Here 'this is a staging server; writeback runs on the active one.' }
if ($before.Enabled) { Stop-Here 'writeback is enabled here already.' }
if (-not ($keys -contains 'Connector' -and $keys -contains 'Enable') -or
	$keys -contains 'AADUsername') {
	Show-Wizard
	Stop-Here 'here the switch wants a person to sign in.'
}

Write-Host "Server:    $([Environment]::MachineName), Entra Connect $version"
Write-Host "Connector: $($connector.Name)"
Write-Host 'Password writeback will be enabled. Passwords that people reset in the cloud will'
Write-Host 'then be set in Active Directory.'
if (-not $Asked -and (Read-Host 'Type ENABLE to go on') -cne 'ENABLE') {
	Stop-Here 'you did not type ENABLE.'
}

$start = Get-Date
try {
	Set-ADSyncAADPasswordResetConfiguration -Connector $connector.Name -Enable $true
} catch {
	Write-Host "It could not be enabled: $($_.Exception.Message)"
	Show-Wizard
	Write-Result 'failed' $_.Exception.Message
	exit 2
}

# 31005: enabled; 31015: the service started; 31019: the relay answers.
$wanted = 31005, 31015, 31019
$missing = $wanted
while ($missing -and ((Get-Date) - $start).TotalSeconds -lt $Patience) {
	Start-Sleep -Seconds 5
	$proof = Read-Proof $start
	$missing = @($wanted | Where-Object { -not $proof.ContainsKey($_) })
}
foreach ($id in $wanted) {
	if ($missing -contains $id) {
		Write-Host "Event ${id}: not seen in $Patience seconds"
	} else {
		Write-Host "Event ${id}: $($proof[$id])"
	}
}
$after = Get-ADSyncAADPasswordResetConfiguration -Connector $connector.Name
Write-Host "Enabled:   $($after.Enabled)"
if ($missing -or -not $after.Enabled) {
	Write-Host 'It is not proved. Run the script of `sspr-wizard server-script` here and import it.'
	Write-Result 'enabled' "These events were not seen in $Patience seconds: $missing"
	exit 1
}
Write-Host 'Proved: password writeback is enabled and the relay answers.'
Write-Result 'proved' 'The events 31005, 31015 and 31019 followed.'
# End of the script.
