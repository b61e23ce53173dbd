package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Agent;
import dev.eider.runtime.collect.known.Agents;
import dev.eider.runtime.collect.known.BotRules;
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
    event.device =
        new Device(
            agent.browser(),
            agent.browserVersion(),
            agent.os(),
            agent.osVersion(),
            agent.type(),
            event.draft.screenSize(),
            agent.brand(),
            agent.model());
    // What the sender's own script found out is not seen in the user agent.
    event.botRule =
        agent.botRule().isEmpty()
            ? event.draft.botRule()
            : BotRules.unlessTrusted(agent.botRule(), event.request.trusted());
    return Verdict.PASS;
  }
}
