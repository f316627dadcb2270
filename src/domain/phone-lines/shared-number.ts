/**
 * Whether a workspace without a line of its own calls from the number that all share: the consumer platform always, as
 * its plans have no lines of their own, and businesses while the system is being developed with.
 */
export const mayUseSharedNumber = ({ platform, developmentMode }: { platform: 'CONSUMER' | 'BUSINESS'; developmentMode: boolean }): boolean =>
  platform === 'CONSUMER' || developmentMode;
