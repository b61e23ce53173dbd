package dev.eider.api.v1alpha1;

/** Names that every part of Eider shares. */
public final class Api {

  /** The API group of all kinds. */
  public static final String GROUP = "eider.dev";

  /** The version of all kinds. */
  public static final String VERSION = "v1alpha1";

  private Api() {}
}
