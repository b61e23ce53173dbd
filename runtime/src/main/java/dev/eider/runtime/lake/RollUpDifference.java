package dev.eider.runtime.lake;

/**
 * A sum that is not that of its rows.
 *
 * @param siteId whose it is
 * @param date of which day
 * @param dimension by what; empty for everything
 * @param value the value of that
 * @param correction whether it corrects for visits from the day before
 * @param kept what is kept; empty where nothing is
 * @param computed what its rows come to; empty where they come to nothing
 */
public record RollUpDifference(
    String siteId,
    String date,
    String dimension,
    String value,
    boolean correction,
    String kept,
    String computed) {}
