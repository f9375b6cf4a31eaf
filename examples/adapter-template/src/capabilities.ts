import type { VersionedCapabilities } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';

/** What the store promises, at every path. The suite tries to prove each line wrong; the README says what each asks for. */
export const CAPABILITIES: VersionedCapabilities = defineCapabilities({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'process-crash',
  sharing: 'host',
  maxBodyBytes: 1024 * 1024,
  planes: [],
});
