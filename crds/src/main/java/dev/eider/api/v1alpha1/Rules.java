package dev.eider.api.v1alpha1;

/**
 * CEL rules used by more than one field, each with the sentence that a person reads when it fails.
 */
final class Rules {

  private static final String STEP = "(/[1-9][0-9]?)?";
  private static final String MINUTE = "([*]|[0-5]?[0-9](-[0-5]?[0-9])?)" + STEP;
  private static final String HOUR_VALUE = "([01]?[0-9]|2[0-3])";
  private static final String HOUR = "([*]|" + HOUR_VALUE + "(-" + HOUR_VALUE + ")?)" + STEP;
  private static final String DAY_VALUE = "(0?[1-9]|[12][0-9]|3[01])";
  private static final String DAY = "([*]|" + DAY_VALUE + "(-" + DAY_VALUE + ")?)" + STEP;
  private static final String MONTH_VALUE =
      "(0?[1-9]|1[0-2]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))";
  private static final String MONTH = "([*]|" + MONTH_VALUE + "(-" + MONTH_VALUE + ")?)" + STEP;
  private static final String WEEKDAY_VALUE = "([0-6]|(?i:sun|mon|tue|wed|thu|fri|sat))";
  private static final String WEEKDAY =
      "([*]|" + WEEKDAY_VALUE + "(-" + WEEKDAY_VALUE + ")?)" + STEP;

  /** Exactly what a Kubernetes CronJob takes in five fields; six-field dialects are refused. */
  static final String CRON =
      "self.matches('^"
          + (MINUTE + "(," + MINUTE + ")* ")
          + (HOUR + "(," + HOUR + ")* ")
          + (DAY + "(," + DAY + ")* ")
          + (MONTH + "(," + MONTH + ")* ")
          + (WEEKDAY + "(," + WEEKDAY + ")*")
          + "$')";

  static final String CRON_MESSAGE =
      "write the schedule as five fields (minute hour day-of-month month day-of-week),"
          + " for example \"30 3 * * *\" for 03:30 every day";

  /** The form of an IANA name; whether it exists is for the operator to say. */
  static final String TIME_ZONE = "self.matches('^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$')";

  static final String TIME_ZONE_MESSAGE =
      "write the time zone as an IANA name, for example Europe/Berlin or UTC";

  static final String DURATION = "self.matches('^[1-9][0-9]{0,5}(s|m|h)$')";

  static final String DURATION_MESSAGE =
      "write the duration as a whole number with one unit (s, m or h), for example 60s or 5m";

  static final String SIZE = "isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))";

  static final String SIZE_MESSAGE =
      "write the size as a positive quantity, for example 10Gi or 128Mi";

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  /** A bare host name in lower case, as part of a regular expression. */
  static final String HOST = LABEL + "([.]" + LABEL + ")*";

  static final String KEY = "self.matches('^[-_a-zA-Z0-9]([-._a-zA-Z0-9]*[-_a-zA-Z0-9])?$')";

  static final String KEY_MESSAGE =
      "write the key as the object names its entry: letters, digits, dashes, underscores and dots";

  static final String CLAIM = "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')";

  static final String CLAIM_MESSAGE =
      "write the claim's name as Kubernetes has it: small letters, digits, dashes and dots, a letter"
          + " or digit at both ends";

  static final String CURRENCY = "self.matches('^[A-Z]{3}$')";

  static final String CURRENCY_MESSAGE = "write the currency as its ISO 4217 code, for example EUR";

  static final String TRIMMED = "self.trim() == self";

  static final String TRIMMED_MESSAGE = "write the name without blanks at its ends";

  /** Of what has a page and says how it is compared. */
  static final String MATCH = "!has(self.match) || has(self.page)";

  static final String MATCH_MESSAGE =
      "match says how a page is compared, and there is no page: remove match, or give a page";

  static final String GLOB =
      "!has(self.page) || (has(self.match) && self.match != 'Glob') || self.page.startsWith('/') ||"
          + " self.page.startsWith('*')";

  static final String GLOB_MESSAGE =
      "begin the page with /, and use * within a segment and ** across them, for example /blog/*;"
          + " or say match: BeginsWith or Regex";

  /** CEL's regular expressions are RE2's, too: one that it cannot read is an error of the rule. */
  static final String REGEX =
      "!has(self.page) || !has(self.match) || self.match != 'Regex' || ''.matches(self.page) in"
          + " [true, false]";

  static final String REGEX_MESSAGE =
      "write the page as RE2's regular expression, for example ^/blog/[0-9]+$: no look-around and"
          + " no back references";

  static final int SCHEDULE_LENGTH = 100;
  static final int TIME_ZONE_LENGTH = 64;
  static final int DURATION_LENGTH = 10;
  static final int SIZE_LENGTH = 32;
  static final int NAME_LENGTH = 253;

  private Rules() {}
}
