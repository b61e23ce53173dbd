package dev.eider.runtime.collect;

import dev.eider.runtime.event.Device;

/** With what it was seen, and whether by a machine. */
final class ReadAgent implements Step {

  private final Agents agents;

  ReadAgent(Agents agents) {
    this.agents = agents;
  }

  @Override
  public Verdict take(Making event) {
    Agent agent = agents.of(event.userAgent);
    Device device = agent.device();
    event.device =
        new Device(
            device.browser(),
            device.browserVersion(),
            device.os(),
            device.osVersion(),
            device.type(),
            event.draft.screenSize());
    // What the sender's own script found out is not seen in the user agent.
    event.botRule = agent.botRule().isEmpty() ? event.draft.botRule() : agent.botRule();
    return Verdict.PASS;
  }
}
