package dev.eider.runtime.collect;

import java.net.InetAddress;

/** Addresses that the site does not want to count, such as the office's. */
final class ShieldAddresses implements Step {

  @Override
  public Verdict take(Making event) {
    InetAddress client = event.client;
    return client != null && event.rules.blocksAddress(client)
        ? DropReason.ADDRESS_BLOCKLIST
        : Verdict.PASS;
  }
}
