package dev.eider.runtime.collect;

import dev.eider.runtime.collect.known.Addresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whose browser it was: what the connection shows, or what a trusted sender says. Which browser is
 * believed of anybody, who could as well send another header.
 */
final class FindClient implements Step {

  private final AddressHash hashes;

  FindClient(AddressHash hashes) {
    this.hashes = hashes;
  }

  @Override
  public Verdict take(Making event) {
    Draft.Sender sender = event.draft.sender();
    event.userAgent = sender.userAgent().isEmpty() ? event.caller.userAgent() : sender.userAgent();
    if (!event.trusted || sender.address().isEmpty()) {
      event.address = event.caller.address();
      event.client = event.caller.client();
      event.addressHash = event.caller.addressHash();
      return Verdict.PASS;
    }
    @Nullable InetAddress said = Addresses.parse(sender.address().strip()).orElse(null);
    if (said == null) {
      return Rejection.invalid("address", "is no IP address");
    }
    event.address = said.getHostAddress();
    event.client = said;
    event.addressHash = hashes.of(said, event.address);
    return Verdict.PASS;
  }
}
