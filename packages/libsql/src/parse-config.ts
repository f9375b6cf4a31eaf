import { HoldfastError } from '@holdfast/core';
import { invalidArgument, readOptions } from '@holdfast/core/adapter';
import type { LibsqlConfig } from './client.ts';
import { isHeaderValue } from './header-value.ts';

const MOST_CONCURRENCY = 1000;

interface Rule {
  /** Completes "must be". */
  readonly rule: string;
  holds(value: unknown): boolean;
}

const TEXT: Rule = {
  rule: 'a string that is not empty and has no NUL in it',
  holds: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

const HEADER: Rule = {
  rule: 'a string that an HTTP header can carry, without line breaks in it or spaces around it',
  holds: isHeaderValue,
};

const FLAG: Rule = { rule: 'true or false', holds: (value) => typeof value === 'boolean' };

const AMOUNT: Rule = {
  rule: 'a number that is not negative',
  holds: (value) => typeof value === 'number' && value >= 0,
};

/** What each key may be, unless it is absent. */
const RULES: Readonly<Record<keyof LibsqlConfig, Rule>> = {
  url: TEXT,
  authToken: HEADER,
  syncUrl: TEXT,
  tls: FLAG,
  encryptionKey: TEXT,
  // A server is sent it in a header.
  remoteEncryptionKey: HEADER,
  concurrency: {
    rule: `an integer from 1 to ${MOST_CONCURRENCY}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_CONCURRENCY,
  },
  fetch: { rule: 'a function', holds: (value) => typeof value === 'function' },
  intMode: {
    rule: "'number', 'bigint' or 'string'",
    holds: (value) => value === 'number' || value === 'bigint' || value === 'string',
  },
  timeout: AMOUNT,
  syncInterval: AMOUNT,
  readYourWrites: FLAG,
  offline: FLAG,
};

/** The keys of a configuration. */
export const CONFIG_KEYS: readonly (keyof LibsqlConfig)[] = Object.keys(RULES) as (keyof LibsqlConfig)[];

/**
 * Checks the kind of every value of a configuration, also of those without effect. What it means is for the driver
 * to say.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, which names the key and never shows the value; `UNSUPPORTED` for
 * `offline: true`
 */
export function parseConfig(value: unknown): LibsqlConfig {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgument('config', 'an object for createClient, unless there is a client', value);
  }
  const config = readOptions('config', value, CONFIG_KEYS);
  for (const key of CONFIG_KEYS) {
    const { rule, holds } = RULES[key];
    const given = config[key];
    const missing = given === undefined && key === 'url';
    if (missing || (given !== undefined && !holds(given))) throw invalidArgument(`config.${key}`, rule, given);
  }
  if (config.offline === true) {
    throw new HoldfastError('UNSUPPORTED', 'writes that a server does not have yet are not acknowledged', {
      capability: 'sharing',
    });
  }
  return config as LibsqlConfig;
}
