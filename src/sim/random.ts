// The virtual world's randomness: the run's seed, forked by name for each consumer.

export { seededRandom } from '../platform/seeded-random.ts';
