import { brokenAliases } from './aliases.ts';
import { brokenArguments } from './arguments.ts';
import { brokenBodies } from './bodies.ts';
import { brokenChildren } from './children.ts';
import { brokenClaims } from './claims.ts';
import { brokenCloses } from './closes.ts';
import { brokenCommitRaces } from './commit-races.ts';
import { brokenCommitReplies } from './commit-replies.ts';
import { brokenCommitsByStrangers } from './commit-strangers.ts';
import { brokenCommits } from './commits.ts';
import { brokenComparisons } from './comparisons.ts';
import { brokenDeletes } from './deletes.ts';
import { brokenErrors } from './errors.ts';
import { brokenExpectations } from './expectations.ts';
import { brokenGates } from './gates.ts';
import { brokenIndexes } from './indexes.ts';
import { brokenInstances } from './instances.ts';
import { brokenIterations } from './iterations.ts';
import { brokenManyGets } from './many-gets.ts';
import { brokenMetadata } from './metadata.ts';
import { brokenCombinations } from './models.ts';
import { brokenNeighbours } from './neighbours.ts';
import { brokenOpens } from './opens.ts';
import { brokenOrders } from './orders.ts';
import { brokenPages } from './pages.ts';
import { brokenPaths } from './paths.ts';
import { brokenPatience } from './patience.ts';
import { brokenProcesses } from './processes.ts';
import { brokenRaces } from './races.ts';
import { brokenReplies } from './replies.ts';
import { brokenAmongMany } from './restless.ts';
import { brokenShapes } from './shapes.ts';
import { brokenByStrangers } from './strangers.ts';
import type { BrokenAdapter } from './support/broken-adapter.ts';
import { brokenTrees } from './trees.ts';
import { brokenVersions } from './versions.ts';

/** Every broken adapter; those that hang come first, so that nothing waits for them in the end. */
export const GALLERY: readonly BrokenAdapter[] = [
  ...brokenPatience,
  ...brokenReplies,
  ...brokenCloses,
  ...brokenOpens,
  ...brokenDeletes,
  ...brokenRaces,
  ...brokenNeighbours,
  ...brokenProcesses,
  ...brokenCommits,
  ...brokenCommitReplies,
  ...brokenCommitRaces,
  ...brokenExpectations,
  ...brokenVersions,
  ...brokenComparisons,
  ...brokenGates,
  ...brokenClaims,
  ...brokenTrees,
  ...brokenArguments,
  ...brokenBodies,
  ...brokenAliases,
  ...brokenMetadata,
  ...brokenIndexes,
  ...brokenPaths,
  ...brokenOrders,
  ...brokenChildren,
  ...brokenPages,
  ...brokenIterations,
  ...brokenErrors,
  ...brokenInstances,
  ...brokenCombinations,
  ...brokenShapes,
  ...brokenManyGets,
  ...brokenAmongMany,
  ...brokenByStrangers,
  ...brokenCommitsByStrangers,
];
