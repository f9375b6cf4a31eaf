import type { Scenario } from '../scenario.ts';
import { abortMomentScenarios } from './abort-moments.ts';
import { abortScenarios } from './abort.ts';
import { bytesMeanwhileScenarios } from './bytes-meanwhile.ts';
import { bytesScenarios } from './bytes.ts';
import { casConflictScenarios } from './cas-conflicts.ts';
import { casDecisionScenarios } from './cas-decisions.ts';
import { casFailureScenarios } from './cas-failures.ts';
import { casStormScenarios } from './cas-storms.ts';
import { closeScenarios } from './close.ts';
import { commitCrashScenarios } from './commit-crashes.ts';
import { commitEntryScenarios } from './commit-entries.ts';
import { commitHistoryScenarios } from './commit-histories.ts';
import { commitRaceScenarios } from './commit-races.ts';
import { commitReadScenarios } from './commit-reads.ts';
import { commitRefusalScenarios } from './commit-refusals.ts';
import { commitReplyScenarios } from './commit-replies.ts';
import { commitScenarios } from './commit.ts';
import { deadlineScenarios } from './deadline.ts';
import { durabilityCrashScenarios } from './durability-crashes.ts';
import { durabilityScenarios } from './durability.ts';
import { entriesScenarios } from './entries.ts';
import { entriesMeanwhileScenarios } from './entries-meanwhile.ts';
import { errorManyScenarios } from './error-many.ts';
import { errorScenarios } from './error.ts';
import { expectationScenarios } from './expectation.ts';
import { gateScenarios } from './gate.ts';
import { getManyScenarios } from './get-many.ts';
import { hostileScenarios } from './hostile.ts';
import { listScenarios } from './list.ts';
import { listMeanwhileScenarios } from './list-meanwhile.ts';
import { modelScenarios } from './model.ts';
import { openScenarios } from './open.ts';
import { pathScenarios } from './path.ts';
import { processScenarios } from './process.ts';
import { raceScenarios } from './race.ts';
import { replyRequestScenarios } from './reply-requests.ts';
import { raceNeighbourScenarios } from './race-neighbours.ts';
import { raceShapeScenarios } from './race-shapes.ts';
import { replyScenarios } from './reply.ts';
import { versionScenarios } from './version.ts';

/** Every scenario of the suite, in the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  ...gateScenarios,
  ...expectationScenarios,
  ...versionScenarios,
  ...hostileScenarios,
  ...bytesScenarios,
  ...bytesMeanwhileScenarios,
  ...getManyScenarios,
  ...pathScenarios,
  ...listScenarios,
  ...listMeanwhileScenarios,
  ...entriesScenarios,
  ...entriesMeanwhileScenarios,
  ...raceScenarios,
  ...raceNeighbourScenarios,
  ...raceShapeScenarios,
  ...casDecisionScenarios,
  ...casFailureScenarios,
  ...casConflictScenarios,
  ...casStormScenarios,
  ...commitScenarios,
  ...commitEntryScenarios,
  ...commitRefusalScenarios,
  ...commitReplyScenarios,
  ...commitReadScenarios,
  ...commitRaceScenarios,
  ...commitCrashScenarios,
  ...commitHistoryScenarios,
  ...abortScenarios,
  ...abortMomentScenarios,
  ...deadlineScenarios,
  ...closeScenarios,
  ...openScenarios,
  ...replyScenarios,
  ...replyRequestScenarios,
  ...errorScenarios,
  ...errorManyScenarios,
  ...durabilityScenarios,
  ...durabilityCrashScenarios,
  ...processScenarios,
  ...modelScenarios,
];
