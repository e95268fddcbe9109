/**
 * Where a master of Locust listens unless it is told otherwise; nothing of it is loaded for that.
 */

/** For workers. */
export const masterPort = 5557;
/** For the web page. */
export const webPort = 8089;
/** Next to the first: for what our workers tell our report. */
export const reportPort = 5558;
