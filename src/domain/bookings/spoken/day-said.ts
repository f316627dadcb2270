/** A month: by its name, or so many months after the present one. */
export type MonthSaid = { readonly name: number } | { readonly ahead: number };

/** A day as it was said, before it is known which date it is. */
export type DaySaid =
  /** So many days or months after today. */
  | { readonly kind: 'relative'; readonly days: number; readonly months: number }
  /** `week` is counted from the present one; null where none was said. Monday is 1. */
  | { readonly kind: 'weekday'; readonly weekday: number; readonly week: number | null }
  | { readonly kind: 'date'; readonly day: number; readonly month: MonthSaid | null; readonly year: number | null; readonly cardinal?: boolean }
  /** `the first Monday in April`; -1 is the last one, and without a weekday it is the last day. */
  | { readonly kind: 'nth'; readonly nth: number; readonly weekday: number | null; readonly month: MonthSaid | null }
  | { readonly kind: 'shifted'; readonly days: number; readonly of: DaySaid }
  /** `the Monday after Christmas`. */
  | { readonly kind: 'beside'; readonly weekday: number; readonly side: 1 | -1; readonly of: DaySaid }
  /** Several days; more words may tell which of them. */
  | { readonly kind: 'week'; readonly week: number; readonly weekend: boolean }
  | { readonly kind: 'month'; readonly month: MonthSaid }
  | { readonly kind: 'year'; readonly ahead: number }
  /** Words that people use for different days: the day is known only if all of these agree. */
  | { readonly kind: 'either'; readonly readings: readonly DaySaid[] };

/** More than one day. */
export const isStretch = ({ kind }: DaySaid): boolean => kind === 'week' || kind === 'month' || kind === 'year';

export const isBareWeekday = (day: DaySaid): day is Extract<DaySaid, { kind: 'weekday' }> => day.kind === 'weekday' && day.week === null;
