/** How a machine becomes a client, in words. Pure functions. */
import type { ClientView, CreatedEnrolmentToken, Downloads, System } from './api/types';

export const SYSTEMS: readonly { system: System; name: string }[] = [
  { system: 'linux', name: 'Linux' },
  { system: 'macos', name: 'macOS' },
  { system: 'windows', name: 'Windows' },
];

const SERVICE: Record<System, string> = {
  linux: 'a systemd service, or a plain background process where there is no systemd',
  macos: 'a launchd agent',
  windows: 'a scheduled task',
};

/** What the script does, step by step. */
export function stepsOf(system: System, version: string): string[] {
  const rights = system === 'windows' ? 'as administrator' : 'as root';
  return [
    `Makes a private Python environment in your home (${rights}: for the whole machine) and touches no other one.`,
    `Puts obt-client ${version} into it, from this server.`,
    'Enrols the machine with the token; from then on it has a key of its own.',
    `Installs and starts ${SERVICE[system]}. Run again, it upgrades and keeps its identity.`,
  ];
}

/** The line with the token in the place that is kept for it. */
export function withToken(line: string, { token_placeholder }: Downloads, token: CreatedEnrolmentToken | null): string {
  if (!token) return line;
  // As a word of its own: it is part of names of variables, too.
  return line.replace(new RegExp(`\\b${token_placeholder}\\b`, 'g'), () => token.token);
}

/** Where the packages come from that OBT's own client needs: which machines need no package index. */
export function packagesWords({ third_party }: Downloads): string {
  const whole = third_party.filter(({ wanted, present }) => wanted === present);
  if (!whole.length) return 'Other packages that it needs come from the package index that the machine uses.';
  const platforms = [...new Set(whole.map(({ platform }) => platform))].map((platform) => {
    const versions = whole.filter((each) => each.platform === platform).map(({ python }) => python);
    return `${platform} with Python ${versions.join(', ')}`;
  });
  return `All packages that it needs are here for ${platforms.join('; ')}. Other machines use their package index.`;
}

/** Whether only this machine itself can reach that address. */
export function isLoopback(address: string): boolean {
  return /\/\/(localhost|127\.|\[::1\])/.test(address);
}

/** What to run on a client so that it takes this server's release; empty where that is not known. */
export function upgradeLine(downloads: Downloads | null, { machine }: ClientView): string {
  const system = SYSTEM_OF[machine?.os.toLowerCase() ?? ''] ?? 'linux';
  return downloads?.lines.find((lines) => lines.system === system)?.upgrade ?? '';
}

/** As clients name their systems. */
const SYSTEM_OF: Record<string, System> = { linux: 'linux', darwin: 'macos', macos: 'macos', windows: 'windows' };
