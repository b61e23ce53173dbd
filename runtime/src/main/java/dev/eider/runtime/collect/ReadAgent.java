package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Agent;
import dev.eider.runtime.collect.known.Agents;
import dev.eider.runtime.collect.known.BotRules;
import dev.eider.runtime.collect.known.ClientHints;
import dev.eider.runtime.collect.known.Datacentres;
import dev.eider.runtime.event.Device;
import java.net.InetAddress;

/** With what it was seen, and whether by a machine. */
final class ReadAgent implements Step {

  private final Agents agents;
  private final Datacentres datacentres;

  ReadAgent(Agents agents, Datacentres datacentres) {
    this.agents = agents;
    this.datacentres = datacentres;
  }

  @Override
  public Verdict take(Making event) {
    Agent agent = agents.of(event.userAgent);
    if (event.draft.clientHints() != ClientHints.NONE) {
      agent = event.draft.clientHints().refine(agent);
    } else if (event.userAgent.equals(event.caller.userAgent())) {
      agent = event.caller.clientHints().refine(agent);
    }
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
    flag(event, agent.botRule());
    // What the sender's own script found out is not seen in the user agent.
    flag(event, event.draft.botRule());
    InetAddress client = event.client;
    if (client != null && event.botRule.isEmpty() && datacentres.contain(client)) {
      flag(event, BotRules.DATACENTRE);
    }
    return Verdict.PASS;
  }

  /** The first rule that holds for the site is the one that is kept. */
  private static void flag(Making event, String rule) {
    if (event.botRule.isEmpty() && !rule.isEmpty()) {
      String left = BotRules.unlessTrusted(rule, event.trusted);
      if (!left.isEmpty() && !event.rules.countsBot(left)) {
        event.botRule = left;
      }
    }
  }
}
