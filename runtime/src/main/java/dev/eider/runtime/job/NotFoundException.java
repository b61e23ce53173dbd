package dev.eider.runtime.job;

/**
 * What is given along with a job names something that is not there, or not there yet. The message
 * is for people.
 */
public final class NotFoundException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message);
  }
}
