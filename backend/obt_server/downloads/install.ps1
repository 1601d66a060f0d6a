# Makes this Windows machine a client of the OBT server that this script comes from. Run again, it upgrades.
#   powershell -ExecutionPolicy Bypass -File install.ps1 [TOKEN] [-Server URL] [-Name NAME] [-NoService] [-Uninstall]
# The token may stand in the environment instead: OBT_ENROL_TOKEN. Run by an administrator, it installs for the machine.
# Written for Windows PowerShell 5.1 and PowerShell 7, from their documentation.
param(
    [Parameter(Position = 0)][string]$Token = $env:OBT_ENROL_TOKEN,
    [string]$Server = '@SERVER@',
    [string]$Name = '',
    [switch]$NoService,
    [switch]$Uninstall
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'  # Windows PowerShell spends most of a download drawing it
$Version = '@VERSION@'
# SHA-256 and name of all that is installed from the server; the requirements pin what may come from elsewhere.
$Pins = @'
@PINS@
'@

$identity = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if ($identity.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    $scope = '--system'
    $data = Join-Path $env:PROGRAMDATA 'obt-client'
    $place = Join-Path $env:PROGRAMFILES 'obt-client'
} else {
    $scope = '--user'
    $data = Join-Path $env:LOCALAPPDATA 'obt-client'
    $place = $data
}
if ($env:OBT_CLIENT_DATA_DIR) { $data = $env:OBT_CLIENT_DATA_DIR }
$venv = Join-Path $place 'venv'
$new = Join-Path $place 'venv.new'
$old = Join-Path $place 'venv.old'

# Runs a program and returns its status; what it writes is shown. Its errors are no errors of PowerShell's.
function Invoke-Program([string]$Program, [string[]]$Arguments) {
    $ErrorActionPreference = 'Continue'
    & $Program @Arguments | Out-Host
    return $LASTEXITCODE
}

function Invoke-Client([string]$Environment, [string[]]$Arguments) {
    $program = Join-Path $Environment 'Scripts\python.exe'
    $before = $env:OBT_CLIENT_DATA_DIR
    $env:OBT_CLIENT_DATA_DIR = $data
    Push-Location $env:SystemRoot  # so that no .env of the folder we were called in is read
    try { return Invoke-Program $program (@('-P', '-m', 'obt_client') + $Arguments) }
    finally { Pop-Location; $env:OBT_CLIENT_DATA_DIR = $before }
}

function Remove-Tree([string]$Folder) {
    if (Test-Path -LiteralPath $Folder) { Remove-Item -LiteralPath $Folder -Recurse -Force }
}

function Test-Enrolled {
    $file = Join-Path $data 'identity.json'
    if (-not (Test-Path -LiteralPath $file)) { return $false }
    return [bool]((Get-Content -LiteralPath $file -Raw | ConvertFrom-Json).key)
}

# The Store's python.exe that only opens the Store ends with a status, and so is no Python.
function Find-Python {
    $check = 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'
    $candidates = @(@('py', '-3.13'), @('py', '-3.12'), @('py', '-3.14'), @('py', '-3.11'), @('python'), @('python3'))
    foreach ($candidate in $candidates) {
        if (-not (Get-Command $candidate[0] -ErrorAction SilentlyContinue)) { continue }
        $flags = @($candidate | Select-Object -Skip 1)
        if ((Invoke-Program $candidate[0] ($flags + @('-c', $check)) 2>$null) -eq 0) { return , $candidate }
    }
    return $null
}

function Get-Pinned([string]$Work) {
    foreach ($line in ($Pins -split "`r?`n")) {
        $hash, $file = $line.Trim() -split ' ', 2
        $target = Join-Path $Work $file
        try { Invoke-WebRequest -UseBasicParsing -Uri "$Server/downloads/$file" -OutFile $target }
        catch { throw "$Server/downloads/$file could not be downloaded: is the server reachable from this machine? $_" }
        if ((Get-FileHash -LiteralPath $target -Algorithm SHA256).Hash -ne $hash) {
            throw "$file is not what this script was made for (its SHA-256 differs). Copy the line from the dashboard again."
        }
    }
}

function New-Environment([string]$Work) {
    $python = Find-Python
    if ($null -eq $python) { throw 'Python 3.11 to 3.14 was not found. Install it (winget install Python.Python.3.13) and try again.' }
    Remove-Tree $new
    $flags = @($python | Select-Object -Skip 1)
    if ((Invoke-Program $python[0] ($flags + @('-m', 'venv', '--without-pip', $new))) -ne 0) { throw "The environment $new could not be made." }
    $pip = (Get-ChildItem -Path $Work -Filter 'pip-*.whl').FullName
    $common = @((Join-Path $pip 'pip'), 'install', '--disable-pip-version-check', '--no-input', '--no-cache-dir',
        '--no-warn-script-location', '--no-deps', '--only-binary', ':all:')
    $program = Join-Path $new 'Scripts\python.exe'
    $hashed = @('--require-hashes', '-r', (Join-Path $Work 'obt-client-requirements.txt'))
    $fromServer = @('--no-index', '--find-links', "$Server/downloads/", '--trusted-host', ([uri]$Server).Authority)
    Write-Host 'Installing the packages that it needs, from the server or else from the package index'
    if ((Invoke-Program $program ($common + @('--quiet') + $fromServer + $hashed) 2>$null) -ne 0 -and
        (Invoke-Program $program ($common + @('--quiet') + $hashed)) -ne 0) {
        throw 'The packages could not be installed; above is why. Set PIP_INDEX_URL, or on the server: obt-server downloads fetch'
    }
    $own = @(Get-ChildItem -Path $Work -Filter 'obt_*.whl' | ForEach-Object { $_.FullName })
    if ((Invoke-Program $program ($common + @('--quiet', '--no-index') + $own)) -ne 0) { throw 'The client could not be installed; above is why.' }
    # Programs that pip made name the folder in which they were made; what is used is this one.
    Get-ChildItem -Path (Join-Path $new 'Scripts') | Where-Object { $_.Name -notmatch '^python' } | Remove-Item -Force
    Set-Content -LiteralPath (Join-Path $new 'Scripts\obt-client.cmd') -Encoding Ascii -Value '@"%~dp0python.exe" -P -m obt_client %*'
    Set-Content -LiteralPath (Join-Path $new '.obt-install') -Encoding Ascii -Value 'obt-install 1'
    if ((Invoke-Client $new @('--version')) -ne 0) { throw 'The new client does not start; above is why.' }
}

function Register-Machine {
    if (Test-Enrolled) { return }
    $before = $env:OBT_ENROL_TOKEN, $env:OBT_CLIENT_NAME
    $env:OBT_ENROL_TOKEN = $Token
    if ($Name) { $env:OBT_CLIENT_NAME = $Name }
    try { $status = Invoke-Client $new @('enrol', '--server', $Server) }
    finally { $env:OBT_ENROL_TOKEN, $env:OBT_CLIENT_NAME = $before }
    if ($status -ne 0) {
        Remove-Item -LiteralPath (Join-Path $data 'identity.json') -Force -ErrorAction SilentlyContinue
        throw 'This machine was not enrolled; above is why.'
    }
}

function Switch-Environment {
    if (Test-Path -LiteralPath $venv) {
        [void](Invoke-Client $venv @('service', 'stop', $scope))  # files of what runs cannot be moved
        Remove-Tree $old
        Move-Item -LiteralPath $venv -Destination $old
    }
    try { Move-Item -LiteralPath $new -Destination $venv }
    catch {
        if (Test-Path -LiteralPath $old) { Move-Item -LiteralPath $old -Destination $venv }
        throw
    }
}

function Start-Client {
    if ($NoService) {
        Write-Host "Start it: `"$venv\Scripts\obt-client.cmd`" run"
        return
    }
    if ((Invoke-Client $venv @('service', 'install', $scope)) -eq 0) { return }
    if (Test-Path -LiteralPath $old) {
        Move-Item -LiteralPath $venv -Destination $new
        Move-Item -LiteralPath $old -Destination $venv
        [void](Invoke-Client $venv @('service', 'install', $scope))
        throw "The new version's service does not run (above is why), so the earlier version stays."
    }
    throw "The client is installed and enrolled, but its service does not run: above is why. Then: `"$venv\Scripts\obt-client.cmd`" service install"
}

function Install-Client {
    if (-not $Token -and -not (Test-Enrolled)) {
        throw 'An enrolment token is needed the first time: make one in the dashboard, or on the server with obt-server token create.'
    }
    $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    [void](New-Item -ItemType Directory -Path $work)
    [void](New-Item -ItemType Directory -Path $place -Force)
    try {
        Write-Host "Downloading obt-client $Version from $Server"
        Get-Pinned $work
        New-Environment $work
        Register-Machine
        Switch-Environment
        Start-Client
        Write-Host "Installed obt-client $Version."
    } finally {
        Remove-Tree $work
        Remove-Tree $new
        if (Test-Path -LiteralPath $venv) { Remove-Tree $old }
        elseif (-not (Get-ChildItem -LiteralPath $place -Force -ErrorAction SilentlyContinue)) { Remove-Tree $place }
    }
}

if ($PSVersionTable.PSVersion.Major -lt 6) {
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
}
if (-not $Uninstall) { Install-Client }
elseif (Test-Path -LiteralPath $venv) {
    if ((Invoke-Client $venv @('service', 'uninstall', '--purge', '--yes', $scope)) -ne 0) { throw 'Not all could be removed; above is why.' }
} else { Write-Host "There is no client in $place; nothing to remove." }
