package dev.eider.api.v1alpha1;

/** How much a runtime logs. */
public enum LogLevel {
  Error,
  Warn,
  Info,
  Debug
}
