package dev.eider.runtime.collect;

import dev.eider.runtime.event.EventType;
import dev.eider.runtime.event.Revenue;
import java.util.Optional;

/** What it brought, in the site's currency where none was said. Money makes a transaction. */
final class ReadMoney implements Step {

  @Override
  public Verdict take(Making event) {
    if (event.draft.money().isEmpty()) {
      return Verdict.PASS;
    }
    Draft.Money money = event.draft.money().get();
    String currency = money.currency().isEmpty() ? event.site.currency() : money.currency();
    if (currency.isEmpty()) {
      String why =
          "has no currency, and site %s has none either: send an ISO 4217 code such as EUR"
              .formatted(event.site.siteId());
      if (money.needed()) {
        return Rejection.invalid("revenue", why);
      }
      event.note("revenue " + why);
      return Verdict.PASS;
    }
    event.revenue = Optional.of(new Revenue(money.amount(), currency));
    if (event.type == EventType.EVENT) {
      event.type = EventType.TRANSACTION;
    }
    return Verdict.PASS;
  }
}
