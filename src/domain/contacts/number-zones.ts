/**
 * In which time zones a number may ring, by what stands in front of it. One name stands for all places with the same
 * clock. What is in none of these lists is not known, and is not guessed.
 */

/** The area codes of the US and Canada that lie in one zone. */
export const ONE_ZONE: Readonly<Record<string, string>> = {
  202: 'America/New_York',
  204: 'America/Winnipeg',
  206: 'America/Los_Angeles',
  212: 'America/New_York',
  213: 'America/Los_Angeles',
  216: 'America/New_York',
  303: 'America/Denver',
  305: 'America/New_York',
  312: 'America/Chicago',
  313: 'America/Detroit',
  317: 'America/Indiana/Indianapolis',
  403: 'America/Edmonton',
  404: 'America/New_York',
  416: 'America/Toronto',
  480: 'America/Phoenix',
  503: 'America/Los_Angeles',
  504: 'America/Chicago',
  505: 'America/Denver',
  506: 'America/Moncton',
  512: 'America/Chicago',
  514: 'America/Toronto',
  602: 'America/Phoenix',
  604: 'America/Vancouver',
  615: 'America/Chicago',
  617: 'America/New_York',
  702: 'America/Los_Angeles',
  787: 'America/Puerto_Rico',
  801: 'America/Denver',
  808: 'Pacific/Honolulu',
  865: 'America/New_York',
  902: 'America/Halifax',
  915: 'America/Denver',
};

/** Those that lie in several. */
export const SEVERAL_ZONES: Readonly<Record<string, readonly string[]>> = {
  208: ['America/Boise', 'America/Los_Angeles'],
  250: ['America/Vancouver', 'America/Edmonton', 'America/Phoenix'],
  270: ['America/Chicago', 'America/New_York'],
  306: ['America/Regina', 'America/Edmonton'],
  308: ['America/Chicago', 'America/Denver'],
  364: ['America/Chicago', 'America/New_York'],
  423: ['America/New_York', 'America/Chicago'],
  448: ['America/New_York', 'America/Chicago'],
  458: ['America/Los_Angeles', 'America/Boise'],
  541: ['America/Los_Angeles', 'America/Boise'],
  574: ['America/Indiana/Indianapolis', 'America/Chicago'],
  605: ['America/Chicago', 'America/Denver'],
  606: ['America/New_York', 'America/Chicago'],
  620: ['America/Chicago', 'America/Denver'],
  639: ['America/Regina', 'America/Edmonton'],
  701: ['America/Chicago', 'America/Denver'],
  709: ['America/St_Johns', 'America/Goose_Bay'],
  775: ['America/Los_Angeles', 'America/Denver'],
  785: ['America/Chicago', 'America/Denver'],
  807: ['America/Toronto', 'America/Winnipeg'],
  812: ['America/Indiana/Indianapolis', 'America/Chicago'],
  850: ['America/New_York', 'America/Chicago'],
  867: ['America/Whitehorse', 'America/Edmonton', 'America/Rankin_Inlet', 'America/Iqaluit'],
  906: ['America/Detroit', 'America/Menominee'],
  907: ['America/Anchorage', 'America/Adak'],
  928: ['America/Phoenix', 'America/Denver'],
  930: ['America/Indiana/Indianapolis', 'America/Chicago'],
  986: ['America/Boise', 'America/Los_Angeles'],
};

/** Numbers that are free of charge to call ring anywhere in the fifty states. */
export const TOLL_FREE_CODES: readonly string[] = ['800', '833', '844', '855', '866', '877', '888'];
export const TOLL_FREE_ZONES: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'America/Adak',
  'Pacific/Honolulu',
];

/** Australia, by the first digit after +61; 4 are mobiles. */
export const AUSTRALIA: Readonly<Record<string, readonly string[]>> = {
  2: ['Australia/Sydney'],
  3: ['Australia/Melbourne', 'Australia/Hobart'],
  4: ['Australia/Perth', 'Australia/Darwin', 'Australia/Adelaide', 'Australia/Brisbane', 'Australia/Sydney', 'Australia/Melbourne', 'Australia/Hobart'],
  7: ['Australia/Brisbane'],
  8: ['Australia/Perth', 'Australia/Darwin', 'Australia/Adelaide'],
};

/** Countries with one clock, by their calling code. */
export const WHOLE_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  44: ['Europe/London'],
  49: ['Europe/Berlin'],
  91: ['Asia/Kolkata'],
};
