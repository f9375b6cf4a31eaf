import type { Capabilities } from '@holdfast/core';

/** The name of something a backend claims or does not. */
export type Need =
  | 'versioned'
  | 'create'
  | 'records'
  | 'indexed'
  | 'contentTypes'
  | 'conditionalDelete'
  | 'prefixPaths'
  | 'durable'
  | 'shared'
  | 'processes'
  | 'commits';

/** What a backend has to claim for a need, at least. */
const LEAST: { readonly [N in Need]: string } = {
  versioned: "cas: 'versioned'",
  create: "cas: 'create-only'",
  records: 'records',
  indexed: 'indexed',
  contentTypes: 'contentTypes',
  conditionalDelete: 'conditionalDelete',
  prefixPaths: "paths: 'prefix'",
  durable: "durability: 'process-crash'",
  shared: "sharing: 'process'",
  processes: "sharing: 'host'",
  commits: "planes: ['atomic-commit']",
};

const NEEDS: { readonly [N in Need]: (claims: Capabilities) => boolean } = {
  versioned: (claims) => claims.cas === 'versioned',
  create: (claims) => claims.cas !== 'none',
  records: (claims) => claims.records,
  indexed: (claims) => claims.indexed,
  contentTypes: (claims) => claims.contentTypes,
  conditionalDelete: (claims) => claims.conditionalDelete,
  prefixPaths: (claims) => claims.paths === 'prefix',
  durable: (claims) => claims.durability !== 'none',
  shared: (claims) => claims.sharing !== 'instance',
  processes: (claims) => claims.sharing === 'host' || claims.sharing === 'network',
  commits: (claims) => claims.planes.includes('atomic-commit'),
};

/** The needs that are not claimed. */
export function unmetNeeds(needs: readonly Need[], claims: Capabilities): Need[] {
  return needs.filter((need) => !NEEDS[need](claims));
}

/** The least that would have to be claimed, in the words of the capabilities. */
export function leastClaims(needs: readonly Need[]): string {
  return needs.map((need) => LEAST[need]).join(', ');
}

/** The claims behind some needs, as far as they are such that no call is refused without them: who shares, what survives. */
export function claimsBehind(needs: readonly Need[], claims: Capabilities): string[] {
  const durability = needs.includes('durable') ? [`durability: '${claims.durability}'`] : [];
  const sharing = needs.some((need) => need === 'shared' || need === 'processes')
    ? [`sharing: '${claims.sharing}'`]
    : [];
  return [...durability, ...sharing];
}
