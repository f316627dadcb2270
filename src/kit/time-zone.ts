/** Whether a name is in the IANA database. Names such as `+05:00` are time zones to JavaScript, but no place keeps them. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
