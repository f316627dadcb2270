/** Of a workspace's calls at one time, one in so many is kept for those that come in. */
const KEPT_ONE_IN = 5;

/**
 * How many calls at one time campaigns may have of all that the workspace may have: a share stays free for people who
 * call. Where there is only one, campaigns may have it.
 *
 * @param most calls at one time, in and out.
 */
export const mostOutbound = (most: number): number => Math.max(1, most - Math.ceil(most / KEPT_ONE_IN));

/**
 * How many more may be called now.
 *
 * @param workspace.live calls in and out that are not over, and those about to be placed.
 * @param campaign.live the campaign's own among them.
 */
export const roomFor = (workspace: { live: number; most: number }, campaign: { live: number; most: number }): number =>
  Math.max(0, Math.min(mostOutbound(workspace.most) - workspace.live, campaign.most - campaign.live));
