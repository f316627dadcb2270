/**
 * How much of an unbounded lot a test tries: `usual` in every run, `whole` where THOROUGH is set, as before a release.
 * What is tried is the same each time, or told by its seed where it fails.
 */
export const thorough = (usual: number, whole: number): number => (process.env.THOROUGH ? whole : usual);
