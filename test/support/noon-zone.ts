/** A time zone in which it is about noon now, whenever the tests are run. */
export function noonZone(now = new Date()): string {
  const ahead = 12 - now.getUTCHours();
  // The names of these zones have the sign that POSIX gives them.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
