package dev.eider.runtime.sql;

/** Functions of our own that statements may call. */
final class SqlMacros {

  /** Their names. */
  static final String NAMES = "";

  private SqlMacros() {}
}
