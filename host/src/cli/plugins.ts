import type { Command } from 'commander';
import { addCommands, type CommandEntry, type Session } from './command.js';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'every plugin that was found, with its verdict',
    load: () => import('./plugins-list.js'),
  },
  {
    name: 'info',
    summary: 'all that is known of one plugin',
    load: () => import('./plugins-info.js'),
  },
  {
    name: 'paths',
    summary: 'where plugins are looked for, in order of precedence',
    load: () => import('./plugins-paths.js'),
  },
  {
    name: 'config',
    summary: 'settings that concern plugins, each with its origin',
    load: () => import('./plugins-config.js'),
  },
  {
    name: 'doctor',
    summary: 'examine every plugin: installed, compatible, ready, and what mends it',
    load: () => import('./plugins-doctor.js'),
  },
  {
    name: 'check',
    summary: 'judge one manifest, for this machine or another',
    load: () => import('./plugins-check.js'),
  },
  {
    name: 'install',
    summary: 'install a plugin for this user, from an archive or a folder',
    load: () => import('./plugins-install.js'),
  },
  {
    name: 'remove',
    summary: 'remove a plugin that was installed for this user',
    load: () => import('./plugins-remove.js'),
  },
  {
    name: 'release',
    summary: 'forget the failures that hold a plugin back',
    load: () => import('./plugins-release.js'),
  },
  {
    name: 'enable',
    summary: 'use a plugin again that was disabled',
    load: () => import('./plugins-enable.js'),
  },
  {
    name: 'disable',
    summary: 'do not use a plugin until it is enabled',
    load: () => import('./plugins-disable.js'),
  },
  {
    name: 'trust',
    summary: 'let a plugin run inside the host, as long as its files stay as they are',
    load: () => import('./plugins-trust.js'),
  },
];

export function define(command: Command, session: Session): void {
  addCommands(command, COMMANDS, session);
}
