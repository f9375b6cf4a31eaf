/** As an ES module has to be tested with Jest: nothing is compiled to CommonJS. */
export default {
  rootDir: '../..',
  testMatch: ['<rootDir>/runners/jest/*.jest.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/runners/jest/strip-types.ts' },
  testTimeout: 60_000,
};
