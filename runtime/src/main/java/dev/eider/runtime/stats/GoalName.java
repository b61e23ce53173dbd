package dev.eider.runtime.stats;

/**
 * Which of the site's goals an event reached. One event may reach several, and counts for each;
 * events that reach none are in no group.
 */
enum GoalName implements Dimension {
  GOAL;

  @Override
  public String word() {
    return "event:goal";
  }

  @Override
  public String whenEmpty() {
    return "";
  }
}
