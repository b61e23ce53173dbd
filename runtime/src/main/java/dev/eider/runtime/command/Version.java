package dev.eider.runtime.command;

import picocli.CommandLine.IVersionProvider;

/** What {@code eider --version} says, from the jar's manifest. */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"eider " + current()};
  }

  /** This version, or a word for none. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
