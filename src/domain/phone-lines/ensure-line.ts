import type { PhoneLine } from '../../generated/prisma/client.ts';
import type { Result } from '../../kit/errors.ts';
import type { LineScope } from './line-scope.ts';
import { provisionPhoneNumber } from './provision-number.ts';

/**
 * The line that the workspace calls from. Where it has none, one is bought: of the wished area code, else near to it, else
 * of the country. Of many who need one at once, one buys it.
 *
 * @param wish.areaCode of the US or Canada.
 * @returns the line; problems as of `provisionPhoneNumber`.
 */
export const ensureLine = (scope: LineScope, wish: { areaCode?: string | null; assistantId?: string | null } = {}): Promise<Result<PhoneLine>> =>
  provisionPhoneNumber(scope, { ...wish, onlyFirst: true });
