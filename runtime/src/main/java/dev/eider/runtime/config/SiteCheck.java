package dev.eider.runtime.config;

/** Looks at what the settings of a site mean to rooms that this one does not know. */
@FunctionalInterface
public interface SiteCheck {

  /** Takes every site. */
  SiteCheck NONE = site -> {};

  /**
   * Looks at a site before it is in force.
   *
   * @throws ConfigException when it cannot be; says what is wrong in which field
   */
  void check(SiteSettings site);
}
