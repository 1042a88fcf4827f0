// @ts-check
// Counts legal periods as pipeline/calendar.py does: the day of the act is not counted, and
// a period in calendar days that would end on a day of rest ends on the next working day.

/**
 * @typedef {{ off: string[], on: string[] }} Year weekdays that are free, weekends that are worked
 * @typedef {Record<string, Year>} Calendar the known years
 * @typedef {{ day: string, provisional: boolean }} Last
 */

const DAY = 24 * 60 * 60 * 1000;

/** @param {string} day ISO @param {number} days */
export function shifted(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** @param {string} day @param {Calendar} calendar */
export function isKnown(day, calendar) {
  return day.slice(0, 4) in calendar;
}

/** @param {string} day @param {Calendar} calendar */
export function isWorkday(day, calendar) {
  const year = calendar[day.slice(0, 4)];
  if (year?.off.includes(day)) return false;
  if (year?.on.includes(day)) return true;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday > 0 && weekday < 6;
}

/** @param {string} start @param {number} days @param {Calendar} calendar @returns {Last} */
export function workingDaysAfter(start, days, calendar) {
  let end = start;
  let provisional = false;
  for (let left = days; left > 0; left -= isWorkday(end, calendar) ? 1 : 0) {
    end = shifted(end, 1);
    provisional ||= !isKnown(end, calendar);
  }
  return { day: end, provisional };
}

/** @param {string} start @param {number} days @param {Calendar} calendar @returns {Last} */
export function calendarDaysAfter(start, days, calendar) {
  let end = shifted(start, days);
  while (!isWorkday(end, calendar)) end = shifted(end, 1);
  return { day: end, provisional: !isKnown(end, calendar) };
}

/**
 * The last days of a complaint, as pipeline/public/pages/complaint.py counts them.
 * @param {string} received @param {string} accepted empty: on the last day for it
 * @param {{ accept: number, close: number, extend: number }} rules @param {Calendar} calendar
 */
export function limits(received, accepted, rules, calendar) {
  const accept = workingDaysAfter(received, rules.accept, calendar);
  const from = accepted || accept.day;
  /** @param {number} days @returns {Last} */
  const closed = (days) => {
    const last = calendarDaysAfter(from, days, calendar);
    return { day: last.day, provisional: last.provisional || (!accepted && accept.provisional) };
  };
  return { accept, close: closed(rules.close), extended: closed(rules.close + rules.extend) };
}
