/**
 * How many pages one walk takes. A thousand pages of one entry are as many calls, one after the other: on a store whose calls
 * take 25 ms that is half a minute, and shows no more than this many and another walk that begins elsewhere.
 */
export const MOST_PAGES = 100;
