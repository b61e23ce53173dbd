package dev.eider.runtime.lake;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;

/**
 * How a site's settled days are summed up. It comes from outside: what is counted, and how, is
 * known to whoever answers questions, and is to be said only there.
 */
public interface Rollups {

  /** Sums up nothing. */
  Rollups NONE =
      new Rollups() {
        @Override
        public String contents() {
          return "";
        }

        @Override
        public String hours() {
          return "hours";
        }

        @Override
        public List<Site> sites() {
          return List.of();
        }

        @Override
        public List<String> statements(Site site, LocalDate first, LocalDate last, Tables tables) {
          return List.of();
        }
      };

  /**
   * What a day's sums are of, in words with a space between; a day that holds something else is
   * summed up anew.
   */
  String contents();

  /**
   * The dimension whose values are the hours of a day, and which retention may remove while the
   * day's other sums stay. Where it is summed up it is a word of {@link #contents}, and one that is
   * missing in those of a day whose hours are gone.
   */
  String hours();

  /** The sites whose days are summed up. */
  List<Site> sites();

  /**
   * A site.
   *
   * @param siteId the site
   * @param zone its calendar
   * @param settings whatever sums depend on, the zone too; a day summed up by others is summed up
   *     anew
   */
  record Site(String siteId, ZoneId zone, String settings) {

    public Site {
      Objects.requireNonNull(siteId);
      Objects.requireNonNull(zone);
      Objects.requireNonNull(settings);
    }
  }

  /**
   * Where statements read and write, by names for use in FROM and INSERT INTO.
   *
   * @param events the site's settled events from three days before the first day to three days
   *     after the last; with the columns of {@link LakeView#events}
   * @param sums takes the columns {@code date, dimension, value, currency, correction} and figures
   * @param days takes {@code date, row_count, fit, apart, from_time, until_time, begins, reaches}:
   *     a row for each day. {@code fit} says whether the day can be summed up, {@code apart}
   *     whether visits in three days count once on each in its sums; rows outside of {@code begins}
   *     to {@code reaches} have no influence on the day's sums
   */
  record Tables(String events, String sums, String days) {}

  /**
   * SQL that fills the tables, run in this order on one connection.
   *
   * @param first the first day, of the site's calendar
   * @param last the last one
   */
  List<String> statements(Site site, LocalDate first, LocalDate last, Tables tables);
}
